import { NewError } from './new-error.ts';
import { reservedNames } from './reserved-names.ts';

/** Letters and digits in words that a `-` joins; each word begins with a letter, so that every form of it is a name. */
const NAME = /^[a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*$/;

/** The name of a service is part of names of its database, its certificate and its hosts, which have their own bounds. */
const MAX_NAME_LENGTH = 24;

/** One name, as each language writes it. */
export interface NameForms {
  /** `order-lines`: folders, packages, hosts, addresses. */
  readonly kebab: string;
  /** `orderLines`: values. */
  readonly camel: string;
  /** `OrderLines`: types. */
  readonly pascal: string;
  /** `order_lines`: tables. */
  readonly snake: string;
  /** `ORDER_LINES`: variables of the stack. */
  readonly constant: string;
  /** `ORDERLINES`: before the settings of a service, where one word is asked for. */
  readonly joined: string;
}

/** @throws {NewError} for a name that some language would not take, or that something else has. */
export function parseName(text: string): NameForms {
  if (!NAME.test(text) || text.length > MAX_NAME_LENGTH) {
    throw new NewError(
      `${text}: a name is of words in small letters and digits that a - joins, such as order-lines, with ${MAX_NAME_LENGTH} characters at most`,
    );
  }
  if (reservedNames.has(text)) throw new NewError(`${text}: this name has another meaning here; choose another`);
  return formsOf(text);
}

/** The forms of a name that is known to be one. */
export function formsOf(kebab: string): NameForms {
  const words = kebab.split('-');
  const pascal = words.map(capitalised).join('');
  const snake = words.join('_');
  const camel = `${words[0] ?? ''}${words.slice(1).map(capitalised).join('')}`;
  return { kebab, camel, pascal, snake, constant: snake.toUpperCase(), joined: words.join('').toUpperCase() };
}

function capitalised(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}
