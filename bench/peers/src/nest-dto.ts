import 'reflect-metadata';

import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsEmail,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

import { bounds } from '../../src/contract/contract.ts';

export class ProductParams {
  @IsString()
  @Length(1, bounds.MAX_ID)
  id!: string;
}

class CustomerDto {
  @IsString()
  @Length(1, bounds.MAX_NAME)
  name!: string;

  @IsEmail()
  @MaxLength(bounds.MAX_EMAIL)
  email!: string;
}

class ItemDto {
  @IsString()
  @Length(1, bounds.MAX_SKU)
  sku!: string;

  @IsInt()
  @Min(1)
  @Max(bounds.MAX_QUANTITY)
  quantity!: number;
}

export class QuoteDto {
  @ValidateNested()
  @Type(() => CustomerDto)
  customer!: CustomerDto;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(bounds.MAX_ITEMS)
  @ValidateNested({ each: true })
  @Type(() => ItemDto)
  items!: ItemDto[];

  @IsOptional()
  @IsString()
  @Length(1, bounds.MAX_NOTE)
  note?: string;
}

export class DocumentDto {
  @IsString()
  @Length(1, bounds.MAX_TEXT)
  text!: string;
}
