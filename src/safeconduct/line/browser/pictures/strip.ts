// Take the metadata out of pictures by leaving parts of the file out: the picture itself is never decoded or encoded
// again, so it stays what the camera made. What stays is what a viewer needs to show it the right way up.
// Colour profiles go too: they can name a device and a day, and a picture without one looks almost the same.

import { gif } from "./gif";
import { jpeg } from "./jpeg";
import { png } from "./png";
import { webp } from "./webp";

/** A stretch of the original, or bytes to put in its place. */
export type Piece = { from: number; to: number } | Uint8Array<ArrayBuffer>;

export interface Kind {
  type: string;
  extension: string;
  pieces(bytes: Uint8Array): Piece[];
}

export class Unreadable extends Error {}

const KINDS: [number[], number, Kind][] = [
  [[0xff, 0xd8, 0xff], 0, { type: "image/jpeg", extension: "jpg", pieces: jpeg }],
  [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], 0, { type: "image/png", extension: "png", pieces: png }],
  [[0x57, 0x45, 0x42, 0x50], 8, { type: "image/webp", extension: "webp", pieces: webp }],
  [[0x47, 0x49, 0x46, 0x38], 0, { type: "image/gif", extension: "gif", pieces: gif }],
];

export function kindOf(start: Uint8Array): Kind | null {
  return KINDS.find(([magic, at]) => magic.every((byte, i) => start[at + i] === byte))?.[2] ?? null;
}

/** The same picture without its metadata, made of stretches of the file; null if the file is no picture that we can read. */
export async function stripped(file: Blob): Promise<{ content: Blob; kind: Kind } | null> {
  const kind = kindOf(new Uint8Array(await file.slice(0, 16).arrayBuffer()));
  if (!kind) return null;
  const bytes = new Uint8Array(await file.arrayBuffer());
  try {
    const parts = kind.pieces(bytes).map((piece) => ("from" in piece ? file.slice(piece.from, piece.to) : piece));
    return { content: new Blob(parts, { type: kind.type }), kind };
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}

export const ascii = (bytes: Uint8Array, from: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(from, from + length));
