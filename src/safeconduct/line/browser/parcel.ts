// Parcels: a sealed letter, ready to travel.

import { type Keys, seal, sealedSize, tokenHash, utf8 } from "../../envelope/envelope";
import { compose, TooLarge, type Written } from "./letter";
import type { Roster } from "./roster";

const MAGIC = utf8("SCLINE1\n");
const PIECE = 1 << 20; // what is sealed is handed to the browser in pieces of this size, which it may keep outside memory

/** Seal a letter to everybody on the roster. `progress` hears a fraction of the whole now and then. */
export async function pack(letter: Written, keys: Keys, roster: Roster, progress: (done: number) => void): Promise<Blob> {
  const { stream, size } = compose(letter, keys);
  const whole = 56 + sealedSize(size, roster.recipients.length);
  if (whole > roster.limit) {
    await stream.cancel();
    throw new TooLarge();
  }
  const sealed = (await seal(stream, roster.recipients)).getReader();
  const parts: BlobPart[] = [MAGIC, keys.mailbox, tokenHash(keys.token)];
  let piece: BlobPart[] = [];
  let waiting = 0;
  let done = 0;
  for (let next = await sealed.read(); !next.done; next = await sealed.read()) {
    piece.push(next.value as Uint8Array<ArrayBuffer>);
    waiting += next.value.length;
    if (waiting < PIECE) continue;
    done += waiting;
    parts.push(new Blob(piece));
    piece = [];
    waiting = 0;
    progress(done / whole);
  }
  return new Blob([...parts, ...piece], { type: "application/octet-stream" });
}
