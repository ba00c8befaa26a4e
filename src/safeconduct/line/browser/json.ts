// JSON as the protocol wants it: version 1 is closed, and no key stands twice.

import { Refused } from "../../envelope/envelope";

export type Fields = Record<string, unknown>;

const STRING = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

/** The object that a text holds; Refused when it holds anything else, or a key twice. */
export function parse(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refused("not JSON");
  }
  const written = Array.from(text.matchAll(STRING)).filter((match) => match[1] !== undefined).length;
  if (written !== keysIn(value)) throw new Refused("a key that stands twice");
  return fields(value);
}

/** An object with exactly these keys. */
export function closed(value: unknown, keys: string[]): Fields {
  const found = fields(value);
  if (Object.keys(found).sort().join() !== [...keys].sort().join()) throw new Refused("keys of another version");
  return found;
}

export function string(value: unknown): string {
  if (typeof value !== "string") throw new Refused("not a text");
  return value;
}

export function integer(value: unknown, least: number): number {
  if (!Number.isSafeInteger(value) || (value as number) < least) throw new Refused("not a number as it should be");
  return value as number;
}

export function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new Refused("not a list");
  return value as unknown[];
}

export function day(value: unknown): string {
  const text = string(value);
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) throw new Refused("not a day");
  return text;
}

function fields(value: unknown): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Refused("not an object");
  return value as Fields;
}

function keysIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const inside = Object.values(value as object).reduce<number>((sum, one) => sum + keysIn(one), 0);
  return inside + (Array.isArray(value) ? 0 : Object.keys(value).length);
}
