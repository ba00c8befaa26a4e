import assert from "node:assert/strict";
import test from "node:test";
import { b64, joined, mailboxOf, padded, random, Refused, utf8 } from "../../../src/safeconduct/envelope/envelope.ts";
import { readListing } from "../../../src/safeconduct/line/browser/client.ts";
import { closed, parse } from "../../../src/safeconduct/line/browser/json.ts";
import { compose, content, TooLarge } from "../../../src/safeconduct/line/browser/letter.ts";
import { read, secretOf, wordsOf } from "../../../src/safeconduct/line/browser/words.ts";

const keys = { identity: "", recipient: "age1pq1…", mailbox: mailboxOf("age1pq1…"), token: random(32) };
const letter = (more = {}) => ({
  type: "report", language: "fa", written: "2026-11-26", parts: { what: "سلام" }, uses: { what: ["help"] }, attachments: [], ...more,
});
const file = (blob) => ({ name: "1.bin", type: "application/octet-stream", metadata: "unknown", content: blob, uses: ["help"] });
const written = async (what) => new Uint8Array(await new Response(compose(what, keys).stream).arrayBuffer());

test("words are read in every way people write them down", () => {
  const secret = random(16);
  const words = wordsOf(secret);
  const plain = words.map((word) => word.text);
  const numbers = words.map((word) => word.number);
  const persian = numbers.map((number) => [...String(number)].map((digit) => "۰۱۲۳۴۵۶۷۸۹"[digit]).join(""));
  const ways = [
    plain.join(" "), plain.join("\n"), `  ${plain.join(", ").toUpperCase()}.`, plain.map((word) => word.slice(0, 4)).join(" "),
    numbers.join(" "), numbers.join(", "), persian.join(" "), plain.map((word, i) => (i % 2 ? word : numbers[i])).join(" "),
  ];
  for (const way of ways) assert.deepEqual(secretOf(way), secret, way);
});

test("words that do not belong together are refused", () => {
  const plain = wordsOf(new Uint8Array(16).fill(7)).map((word) => word.text);
  assert.equal(secretOf(plain.slice(1).join(" ")), null);
  assert.equal(secretOf([...plain, plain[0]].join(" ")), null);
  assert.equal(secretOf(["xylophone", ...plain.slice(1)].join(" ")), null);
  assert.equal(secretOf(Array(12).fill("zoo").join(" ")), null, "the checksum");
  assert.equal(secretOf(""), null);
  for (const typed of ["0", "2049", "aba", ""]) assert.equal(read(typed), null, typed);
  assert.equal(read("act"), "act");
  assert.equal(read(" ABANdoned "), "abandon");
});

test("a letter holds its JSON, its files in order and zeros", async () => {
  const files = [random(100), new Uint8Array(0), random(60000)];
  const bytes = await written(letter({ attachments: files.map((one) => file(new Blob([one]))) }));
  const inside = content(bytes);
  const length = new DataView(inside.buffer, inside.byteOffset).getUint32(0);
  const json = JSON.parse(new TextDecoder().decode(inside.subarray(4, 4 + length)));
  assert.equal(json.mailbox, b64(keys.mailbox));
  assert.deepEqual(json.attachments.map((one) => one.size), [100, 0, 60000]);
  assert.deepEqual(inside.subarray(4 + length), joined(...files));
  assert.equal(bytes.length, padded(8 + inside.length));
});

test("a letter tells its size only roughly", async () => {
  assert.equal((await written(letter())).length, 16384);
  assert.equal((await written(letter({ parts: { what: "x".repeat(15000) } }))).length, 16384);
});

test("a letter that nobody would read is not sealed", async () => {
  assert.throws(() => compose(letter({ parts: { what: "x".repeat(1048577) } }), keys), TooLarge);
  assert.throws(() => compose(letter({ attachments: Array(101).fill(file(new Blob([]))) }), keys), TooLarge);
  const shrinking = { size: 10, stream: () => new Blob([new Uint8Array(9)]).stream() };
  await assert.rejects(written(letter({ attachments: [file(shrinking)] })));
});

test("a letter that a caseworker would refuse is not sealed", () => {
  for (const mailbox of [random(16), new Uint8Array(16)]) {
    assert.throws(() => compose(letter(), { ...keys, mailbox }), Refused, "the mailbox is not that of the reply key");
  }
});

test("padding and lengths of a letter are checked", async () => {
  const good = await written(letter());
  const changed = (at, byte) => good.map((old, i) => (i === at ? byte : old));
  assert.ok(content(good));
  for (const bad of [changed(6, 255), changed(0, 1), changed(16383, 1), good.subarray(0, 16383), good.subarray(0, 5), joined(good, good)]) {
    assert.throws(() => content(bad), Refused);
  }
});

test("JSON of the protocol is closed", () => {
  assert.deepEqual(parse('{"a": {"b": [1, "c:\\"", {"d": ":"}]}}'), { a: { b: [1, 'c:"', { d: ":" }] } });
  for (const bad of ['{"a": 1, "a": 1}', '{"a": [{"b": 1, "\\u0062": 2}]}', "[]", "1", "null", "", "{", '{"a":1}x']) {
    assert.throws(() => parse(bad), Refused, bad);
  }
  assert.throws(() => closed({ a: 1, b: 2 }, ["a"]), Refused);
  assert.throws(() => closed({ a: 1 }, ["a", "b"]), Refused);
  assert.throws(() => closed([], []), Refused);
});

test("a mailbox answer is read to the letter", () => {
  const answer = new Uint8Array(65536);
  const view = new DataView(answer.buffer);
  const id = random(16);
  answer.set([1, 1, 0, 2]);
  answer.set(id, 4);
  answer[20] = 1;
  view.setUint32(21, 20783);
  view.setUint32(25, 3);
  answer.set(utf8("age"), 29);
  const { found, older, entries } = readListing(answer);
  assert.deepEqual([found, older, entries.length], [true, true, 2]);
  assert.deepEqual([entries[0].id, entries[0].answer, entries[0].day], [id, true, "2026-11-26"]);
  assert.equal(new TextDecoder().decode(entries[0].file), "age");
  assert.deepEqual([entries[1].answer, entries[1].file.length], [false, 0]);
  view.setUint32(25, 65536);
  assert.throws(() => readListing(answer));
  view.setUint32(25, 3);
  view.setUint16(2, 60000);
  assert.throws(() => readListing(answer));
  assert.throws(() => readListing(answer.subarray(1)));
});
