// The reporter's side without a browser: JSON on standard input says what to do, JSON on standard output what came of it.
import { readFileSync } from "node:fs";
import { b64, keys, open } from "../../../src/safeconduct/envelope/envelope.ts";
import { readAnswer } from "../../../src/safeconduct/line/browser/letter.ts";
import { pack } from "../../../src/safeconduct/line/browser/parcel.ts";
import { readRoster } from "../../../src/safeconduct/line/browser/roster.ts";

const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));
const asked = JSON.parse(readFileSync(0, "utf8"));
const roster = readRoster(asked.roster, asked.day);
const mine = await keys(bytes(asked.secret), roster.signer);

if (asked.write) {
  const { attachments, ...rest } = asked.write;
  const files = attachments.map(({ content, ...one }) => ({ ...one, content: new Blob([bytes(content)]) }));
  const parcel = await pack({ ...rest, attachments: files }, mine, roster, () => undefined);
  console.log(JSON.stringify({ parcel: Buffer.from(await parcel.arrayBuffer()).toString("base64"), mailbox: b64(mine.mailbox) }));
} else {
  const read = async (file) => {
    try {
      return readAnswer(await open(bytes(file), mine.identity), roster, mine);
    } catch (error) {
      return { refused: error.constructor.name };
    }
  };
  console.log(JSON.stringify(await Promise.all(asked.read.map(read))));
}
