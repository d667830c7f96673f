/** A tracked file is not in the format that its name says: nothing can be said of the repository. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
  readonly file: string;
  readonly line: number;

  constructor(file: string, line: number, message: string) {
    super(`${file}:${line}  ${message}`);
    this.file = file;
    this.line = line;
  }
}
