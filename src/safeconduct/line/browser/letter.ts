// Letters: what is inside the seal. See "Letter" in docs/line-protocol.md.

import { b64, equal, joined, type Keys, mailboxOf, padded, Refused, signed, unb64, utf8 } from "../../envelope/envelope";
import { closed, day, integer, parse, string } from "./json";
import { type Roster, vouches } from "./roster";

export const PARTS = ["what", "when", "where", "risk", "contact"] as const;
export type Part = (typeof PARTS)[number];
export type Use = "help" | "refer" | "count" | "register";

const MOST_FILES = 100;
const LARGEST_JSON = 1048576;

export class TooLarge extends Error {}

export interface Attachment {
  name: string;
  type: string;
  metadata: "removed" | "kept" | "unknown";
  content: Blob;
  uses: Use[];
}

export interface Written {
  type: "report" | "addition";
  language: string;
  written: string;
  parts: Partial<Record<Part, string>>;
  uses: Partial<Record<Part, Use[]>>;
  attachments: Attachment[];
}

export interface Answer {
  number: number;
  written: string;
  text: string;
}

/** The letter's front (lengths and JSON) and the size of the whole once padded. */
function front(letter: Written, keys: Keys): { bytes: Uint8Array; content: number } {
  if (!equal(keys.mailbox, mailboxOf(keys.recipient))) throw new Refused("not the mailbox of the reply key");
  const json = utf8(
    JSON.stringify({
      v: 1,
      type: letter.type,
      mailbox: b64(keys.mailbox),
      reply_to: keys.recipient,
      language: letter.language,
      written: letter.written,
      parts: letter.parts,
      uses: letter.uses,
      attachments: letter.attachments.map(({ name, type, content, metadata, uses }) => ({
        name,
        type,
        size: content.size,
        metadata,
        uses,
      })),
    }),
  );
  if (json.length > LARGEST_JSON || letter.attachments.length > MOST_FILES) throw new TooLarge();
  const content = 4 + json.length + letter.attachments.reduce((sum, { content }) => sum + content.size, 0);
  const lengths = new DataView(new ArrayBuffer(12));
  lengths.setUint32(0, Math.floor(content / 2 ** 32));
  lengths.setUint32(4, content >>> 0);
  lengths.setUint32(8, json.length);
  return { bytes: joined(new Uint8Array(lengths.buffer), json), content };
}

/** A letter as a stream, so that no more than a piece of a large file is in memory at a time; and its size. */
export function compose(letter: Written, keys: Keys): { stream: ReadableStream<Uint8Array>; size: number } {
  const { bytes, content } = front(letter, keys);
  const size = padded(8 + content);
  return { stream: streamed(pieces(bytes, letter.attachments, size)), size };
}

async function* pieces(bytes: Uint8Array, attachments: Attachment[], size: number): AsyncGenerator<Uint8Array> {
  yield bytes;
  let left = size - bytes.length;
  for (const { content } of attachments) {
    let read = 0;
    const reader = (content.stream() as ReadableStream<Uint8Array>).getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      read += next.value.length;
      yield next.value;
    }
    if (read !== content.size) throw new Refused("a file changed while it was read");
    left -= read;
  }
  const zeros = new Uint8Array(65536);
  for (; left > 0; left -= zeros.length) yield zeros.subarray(0, left);
}

function streamed(source: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await source.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

/** The content of an opened letter: its length is right, its padding zero and as much as it must be. */
export function content(plain: Uint8Array): Uint8Array {
  if (plain.length < 12) throw new Refused("too short for a letter");
  const view = new DataView(plain.buffer, plain.byteOffset, plain.length);
  const length = view.getUint32(0) * 2 ** 32 + view.getUint32(4);
  if (length > plain.length - 8 || padded(8 + length) !== plain.length) throw new Refused("not padded as a letter is");
  if (plain.subarray(8 + length).some((byte) => byte !== 0)) throw new Refused("padding that is not zero");
  return plain.subarray(8, 8 + length);
}

/** An answer that a caseworker of this roster, or one who has left since, signed for this mailbox; anything else is refused. */
export function readAnswer(plain: Uint8Array, roster: Roster, keys: Keys): Answer {
  const inside = content(plain);
  const length = new DataView(inside.buffer, inside.byteOffset, 4).getUint32(0);
  if (length !== inside.length - 4) throw new Refused("an answer has no attachments");
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const letter = closed(parse(decoder.decode(inside.subarray(4))), ["v", "type", "signed", "signature", "answer_key"]);
  if (letter["v"] !== 1 || letter["type"] !== "answer") throw new Refused("not an answer");
  const key = unb64(string(letter["answer_key"]), 32);
  const text = string(letter["signed"]);
  if (!signed("answer", text, unb64(string(letter["signature"]), 64), key)) throw new Refused("the signature is wrong");
  const answer = closed(parse(text), ["v", "mailbox", "number", "written", "text"]);
  if (answer["v"] !== 1) throw new Refused("an answer of an unknown version");
  if (!equal(unb64(string(answer["mailbox"]), 16), keys.mailbox)) throw new Refused("an answer to another mailbox");
  const written = day(answer["written"]);
  if (!vouches(roster, key, written)) throw new Refused("not a caseworker of this roster on that day");
  return { number: integer(answer["number"], 1), written, text: string(answer["text"]) };
}
