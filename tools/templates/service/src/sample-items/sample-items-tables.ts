/** The table of this module, as its migration creates it. */
export interface SampleItemsTables {
  sample_items: {
    id: string;
    owner_id: string;
    text: string;
    created_at: Date;
  };
}
