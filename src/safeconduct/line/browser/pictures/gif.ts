import { ascii, type Piece, Unreadable } from "./strip";

const EXTENSION = 0x21;
const CONTROL = 0xf9; // delays and transparency
const APPLICATION = 0xff;
const IMAGE = 0x2c;
const TRAILER = 0x3b;
const LOOPS = new Set(["NETSCAPE2.0", "ANIMEXTS1.0"]); // how often a moving picture repeats

export function gif(bytes: Uint8Array): Piece[] {
  const table = (packed: number | undefined) => (packed! & 0x80 ? 3 << ((packed! & 7) + 1) : 0);
  const pieces: Piece[] = [];
  let at = 13 + table(bytes[10]);
  pieces.push({ from: 0, to: at });
  for (;;) {
    const start = at;
    if (bytes[at] === TRAILER) return [...pieces, new Uint8Array([TRAILER])];
    if (bytes[at] === IMAGE) {
      at = blocks(bytes, at + 11 + table(bytes[at + 9]));
      pieces.push({ from: start, to: at });
    } else if (bytes[at] === EXTENSION) {
      const label = bytes[at + 1];
      at = blocks(bytes, at + 2);
      const kept = label === CONTROL || (label === APPLICATION && LOOPS.has(ascii(bytes, start + 3, 11)));
      if (kept) pieces.push({ from: start, to: at });
    } else {
      throw new Unreadable();
    }
  }
}

/** Past a row of blocks, each with its length before it, and the empty one that ends them. */
function blocks(bytes: Uint8Array, at: number): number {
  for (;;) {
    const length = bytes[at];
    if (length === undefined) throw new Unreadable();
    at += 1 + length;
    if (length === 0) return at;
  }
}
