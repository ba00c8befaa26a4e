// All cryptography of the browser, and the only file with any. What it does is fixed by docs/line-protocol.md;
// envelope.py is its other half. Everything runs in plain script (noble): WebCrypto has no Ed25519 in the browsers
// of older phones, none of it outside secure contexts, and one path that always runs is better than two.

import { ed25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { base64urlnopad, bech32 } from "@scure/base";
import { Decrypter, Encrypter, identityToRecipient } from "age-encryption";

export type Bytes = Uint8Array<ArrayBuffer>;

const CONTEXT = "safeconduct line v1 ";
const FLOOR = 16384;
const CHUNK = 65536;
const TAG = 16;
const RECIPIENTS = 10;
const RECIPIENT = /^age1pq1[02-9ac-hj-np-z]{1952}$/;
// One stanza: 1120 bytes of key encapsulation and 32 of wrapped file key; the last characters carry no stray bits.
const STANZA = "-> mlkem768x25519 [A-Za-z0-9+/]{1493}[AQgw]\\n[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]\\n";
const HEADER = new RegExp(`^age-encryption\\.org/v1\\n((?:${STANZA})+)--- [A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]\\n`);
const VERSION_LINE = 22;
const STANZA_SIZE = 18 + 1494 + 1 + 43 + 1;
const MAC_LINE = 4 + 43 + 1;

export class Refused extends Error {}

export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text) as Bytes;
}

export function joined(...parts: Uint8Array[]): Bytes {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

export const b64 = (bytes: Uint8Array): string => base64urlnopad.encode(bytes);

export function unb64(text: string, length: number): Bytes {
  const bytes = base64urlnopad.decode(text) as Bytes;
  if (bytes.length !== length) throw new Refused("not the right number of bytes");
  return bytes;
}

export function random(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** Padmé of n, at least 16 384: the size a letter is padded to. */
export function padded(n: number): number {
  if (n <= FLOOR) return FLOOR;
  const e = Math.floor(Math.log2(n));
  const step = 2 ** (e - (Math.floor(Math.log2(e)) + 1));
  return Math.ceil(n / step) * step;
}

/** The size of the age file that seals so many bytes to so many recipients. */
export function sealedSize(plain: number, recipients: number): number {
  return VERSION_LINE + recipients * STANZA_SIZE + MAC_LINE + 16 + plain + Math.max(1, Math.ceil(plain / CHUNK)) * TAG;
}

/** Seal a stream to 1 to 10 hybrid recipients, no two alike. */
export async function seal(plain: ReadableStream<Uint8Array>, recipients: string[]): Promise<ReadableStream<Uint8Array>> {
  checkRecipients(recipients);
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return encrypter.encrypt(plain);
}

export function checkRecipients(recipients: string[]): void {
  const alike = new Set(recipients).size !== recipients.length;
  if (recipients.length < 1 || recipients.length > RECIPIENTS || alike) throw new Refused("not 1 to 10 different recipients");
  if (!recipients.every((recipient) => RECIPIENT.test(recipient))) throw new Refused("not a hybrid recipient");
}

/** The number of stanzas of a header that holds hybrid stanzas and nothing else; anything else is refused. */
export function stanzas(file: Uint8Array): number {
  const start = file.subarray(0, VERSION_LINE + (RECIPIENTS + 1) * STANZA_SIZE + MAC_LINE);
  const match = HEADER.exec(Array.from(start, (byte) => String.fromCharCode(byte)).join(""));
  if (!match) throw new Refused("not an age file with hybrid recipients only");
  return match[1]!.length / STANZA_SIZE;
}

/** The whole plaintext, after all of it was verified; or an error and nothing. */
export async function open(file: Uint8Array, identity: string): Promise<Uint8Array> {
  stanzas(file);
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  try {
    return await decrypter.decrypt(file);
  } catch {
    throw new Refused("this file was not sealed to this key, or was changed");
  }
}

/** What the twelve words open at one organisation. */
export interface Keys {
  identity: string;
  recipient: string;
  mailbox: Bytes;
  token: Bytes;
}

export async function keys(words: Uint8Array, signer: Uint8Array): Promise<Keys> {
  const derive = (purpose: string) => hkdf(sha256, words, signer, utf8(CONTEXT + purpose), 32) as Bytes;
  const identity = bech32.encodeFromBytes("AGE-SECRET-KEY-PQ-", derive("reply identity")).toUpperCase();
  const recipient = await identityToRecipient(identity);
  return { identity, recipient, mailbox: mailboxOf(recipient), token: derive("token") };
}

/** The only mailbox in which a letter with this reply key can lie. */
export function mailboxOf(recipient: string): Bytes {
  return sha256(utf8(`${CONTEXT}mailbox${recipient}`)).slice(0, 16) as Bytes;
}

export const tokenHash = (token: Uint8Array): Bytes => sha256(token) as Bytes;

/** A strict RFC 8032 check of a signature over "safeconduct line v1 <purpose>\n" and the text. */
export function signed(purpose: "roster" | "answer", text: string, signature: Uint8Array, key: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, joined(utf8(`${CONTEXT}${purpose}\n`), utf8(text)), key, { zip215: false });
  } catch {
    return false;
  }
}

/** Six numbers from 0 to 2047: the words by which people recognise a signer. */
export function fingerprint(signer: Uint8Array): number[] {
  const digest = sha256(joined(utf8(`${CONTEXT}fingerprint`), signer));
  const bits = Array.from(digest.subarray(0, 9), (byte) => byte.toString(2).padStart(8, "0")).join("");
  return [0, 1, 2, 3, 4, 5].map((i) => parseInt(bits.slice(i * 11, i * 11 + 11), 2));
}

/** Nonces of a work challenge, tried from `from` on, for so many tries: the one that serves, or null. */
export function search(challenge: Uint8Array, mailbox: Uint8Array, bits: number, from: number, tries: number): number | null {
  const block = joined(utf8(`${CONTEXT}work`), challenge, mailbox, new Uint8Array(8));
  const view = new DataView(block.buffer);
  for (let nonce = from; nonce < from + tries; nonce++) {
    view.setUint32(block.length - 8, Math.floor(nonce / 2 ** 32));
    view.setUint32(block.length - 4, nonce >>> 0);
    const hash = sha256(block);
    const head = new DataView(hash.buffer, hash.byteOffset, 4).getUint32(0);
    if (Math.clz32(head) >= bits) return nonce;
  }
  return null;
}
