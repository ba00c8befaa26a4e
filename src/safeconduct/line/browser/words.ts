// The twelve words: 16 random bytes in the words of a list, or their numbers in it (1 to 2048).

import { entropyToMnemonic, mnemonicToEntropy } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { type Bytes, random } from "../../envelope/envelope";

export interface Word {
  text: string;
  number: number;
}

export const COUNT = 12;

export const newSecret = (): Bytes => random(16);

export const wordAt = (index: number): Word => ({ text: wordlist[index]!, number: index + 1 });

export function wordsOf(secret: Uint8Array): Word[] {
  return entropyToMnemonic(secret, wordlist)
    .split(" ")
    .map((text) => ({ text, number: wordlist.indexOf(text) + 1 }));
}

/** A word of the list from what somebody typed: the word, its first four letters, or its number; else null. */
export function read(typed: string): string | null {
  const plain = latin(typed).trim().toLowerCase();
  if (/^\d{1,4}$/.test(plain)) return wordlist[Number(plain) - 1] ?? null;
  if (wordlist.includes(plain)) return plain;
  if (plain.length < 4) return null;
  return wordlist.find((word) => word.slice(0, 4) === plain.slice(0, 4)) ?? null;
}

/** The 16 bytes behind twelve typed words or numbers, or null if they are not twelve words that belong together. */
export function secretOf(typed: string): Bytes | null {
  const found = latin(typed).split(/[^\p{L}\p{N}]+/u).filter(Boolean).map(read);
  if (found.length !== COUNT || found.includes(null)) return null;
  try {
    return mnemonicToEntropy(found.join(" "), wordlist) as Bytes;
  } catch {
    return null;
  }
}

/** Digits of other scripts, full-width letters and the like, in their plain form. */
function latin(text: string): string {
  return text.normalize("NFKC").replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0)!;
    if (code < 128) return digit;
    let zero = code;
    while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
    return String(code - zero);
  });
}
