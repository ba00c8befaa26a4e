import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { inflateSync } from "node:zlib";
import { Encrypter, generateHybridIdentity, generateX25519Identity, identityToRecipient } from "age-encryption";
import * as vectors from "cctv-age";
import * as envelope from "../../../src/safeconduct/envelope/envelope.ts";
import { wordAt, wordsOf } from "../../../src/safeconduct/line/browser/words.ts";

const own = await generateHybridIdentity();
const recipient = await identityToRecipient(own);
const streamed = (bytes) => new Blob([bytes]).stream();
const collected = async (stream) => new Uint8Array(await new Response(stream).arrayBuffer());
const sealed = async (bytes, to = [recipient]) => collected(await envelope.seal(streamed(bytes), to));
const refused = (promise) => assert.rejects(promise, envelope.Refused);
const text = (bytes) => Buffer.from(bytes).toString("latin1");
const bytes = (latin1) => new Uint8Array(Buffer.from(latin1, "latin1"));

function vector(raw) {
  const end = text(raw).indexOf("\n\n");
  const about = Object.fromEntries(
    text(raw.subarray(0, end)).split("\n").map((line) => line.split(": ")),
  );
  const rest = raw.subarray(end + 2);
  return { about, file: about.compressed === "zlib" ? new Uint8Array(inflateSync(rest)) : rest };
}

const OPENED = ["hybrid", "hybrid_multiple_recipients"];
const NOT_OURS = ["hybrid_and_x25519", "hybrid_grease", "armor_hybrid"]; // good age files that the line refuses

test("all vectors of CCTV: hybrid files open exactly, everything else is refused", async (t) => {
  const names = Object.keys(vectors).filter((name) => vectors[name] instanceof Uint8Array);
  assert.ok(names.length >= 143, `${names.length} vectors`);
  const good = names.filter((name) => /hybrid/.test(name) && vector(vectors[name]).about.expect === "success");
  assert.deepEqual(good.sort(), [...OPENED, ...NOT_OURS].sort());
  for (const name of names) {
    await t.test(name, async () => {
      const { about, file } = vector(vectors[name]);
      const identity = about.identity?.startsWith("AGE-SECRET-KEY-PQ-1") ? about.identity : own;
      if (!OPENED.includes(name)) return refused(envelope.open(file, identity));
      const hash = await crypto.subtle.digest("SHA-256", await envelope.open(file, identity));
      assert.equal(Buffer.from(hash).toString("hex"), about.payload);
    });
  }
});

test("what is sealed opens again, for each recipient, at every size around a chunk", async () => {
  const other = await generateHybridIdentity();
  const to = [recipient, await identityToRecipient(other)];
  for (const size of [0, 1, 65535, 65536, 65537, 131072]) {
    const plain = envelope.random(Math.min(size, 65536));
    const file = await sealed(plain, to);
    assert.equal(file.length, envelope.sealedSize(plain.length, 2));
    assert.equal(envelope.stanzas(file), 2);
    for (const identity of [own, other]) assert.deepEqual(await envelope.open(file, identity), plain);
  }
});

test("only 1 to 10 different hybrid recipients are sealed to", async () => {
  const many = await Promise.all(Array.from({ length: 11 }, async () => identityToRecipient(await generateHybridIdentity())));
  const x25519 = await identityToRecipient(await generateX25519Identity());
  const bad = [[], [recipient, recipient], many, [x25519], [recipient, x25519], ["age1tag1" + recipient.slice(7)]];
  bad.push([recipient.toUpperCase()], [recipient + " "], [recipient.slice(0, -1)], [recipient.replace("age1pq1", "age1pq1b")]);
  for (const to of bad) await refused(envelope.seal(streamed(new Uint8Array(1)), to));
  const changed = recipient.slice(0, 100) + (recipient[100] === "q" ? "p" : "q") + recipient.slice(101);
  await assert.rejects(envelope.seal(streamed(new Uint8Array(1)), [changed]), "a checksum that does not fit");
  assert.equal(envelope.stanzas(await sealed(new Uint8Array(1), many.slice(0, 10))), 10);
});

test("a file that was changed, cut, lengthened or put together anew is refused", async () => {
  const plain = envelope.random(65536);
  const file = await sealed(envelope.joined(plain, plain, plain));
  const start = file.length - envelope.sealedSize(3 * 65536, 0) + 22 + 48;
  assert.deepEqual((await envelope.open(file, own)).length, 3 * 65536);
  const flipped = (at) => file.map((byte, i) => (i === at ? byte ^ 1 : byte));
  const places = [0, 30, 700, 1550, start - 30, start, start + 15, start + 16, start + 40000, start + 65600, file.length - 1];
  for (const at of places) await refused(envelope.open(flipped(at), own));
  const chunk = 65536 + 16;
  const [head, one, two, three] = [
    file.subarray(0, start + 16),
    file.subarray(start + 16, start + 16 + chunk),
    file.subarray(start + 16 + chunk, start + 16 + 2 * chunk),
    file.subarray(start + 16 + 2 * chunk),
  ];
  const wrong = [[head, two, one, three], [head, one, two], [head, one, three], [head, one, two, three, three], [head]];
  for (const parts of wrong) await refused(envelope.open(envelope.joined(...parts), own));
  for (const cut of [0, 10, 21, start - 1, start, start + 16, file.length - 1, file.length - 70000]) {
    await refused(envelope.open(file.subarray(0, cut), own));
  }
  await refused(envelope.open(envelope.joined(file, new Uint8Array(1)), own));
});

test("headers with anything but hybrid stanzas are refused, however they are written", async () => {
  const file = await sealed(new Uint8Array(10));
  const [version, first, body, mac] = text(file).split("\n", 4);
  const rest = text(file).slice([version, first, body, mac].join("\n").length);
  const built = (...lines) => bytes(lines.join("\n") + rest);
  assert.deepEqual(built(version, first, body, mac), file);
  const both = new Encrypter();
  both.addRecipient(recipient);
  both.addRecipient(await identityToRecipient(await generateX25519Identity()));
  const locked = new Encrypter();
  locked.setScryptWorkFactor(2);
  locked.setPassphrase("x");
  const last = (line, letter) => line.slice(0, -1) + letter;
  const games = {
    "an X25519 stanza beside": await both.encrypt(new Uint8Array(10)),
    "a password": await locked.encrypt(new Uint8Array(10)),
    "grease": built(version, first, body, "-> x-grease abc", "", mac),
    "no stanza": built(version, mac),
    "eleven too many": built(version, ...Array(12).fill([first, body]).flat(), mac),
    "another version": built("age-encryption.org/v2", first, body, mac),
    "CRLF": built(version + "\r", first, body, mac),
    "two spaces": built(version, first.replace("-> ", "->  "), body, mac),
    "a space at the end": built(version, first + " ", body, mac),
    "an argument more": built(version, first + " x", body, mac),
    "capitals": built(version, first.replace("mlkem", "MLKEM"), body, mac),
    "padding": built(version, first + "=", body, mac),
    "stray bits in the share": built(version, last(first, "B"), body, mac),
    "stray bits in the body": built(version, first, last(body, "B"), mac),
    "stray bits in the MAC": built(version, first, body, last(mac, "B")),
    "an empty line after the body": built(version, first, body, "", mac),
    "a longer body": built(version, first, body + "AAAA", mac),
    "url letters": built(version, first.replace(/[+/]/, "-"), body.replace(/[+/]/, "_"), mac.slice(0, 20) + "_" + mac.slice(21)),
    "something before": bytes("\n" + text(file)),
    "armour": bytes(`-----BEGIN AGE ENCRYPTED FILE-----\n${Buffer.from(file).toString("base64")}\n-----END AGE ENCRYPTED FILE-----\n`),
  };
  for (const [name, game] of Object.entries(games)) {
    assert.throws(() => envelope.stanzas(game), envelope.Refused, name);
    await refused(envelope.open(game, own));
  }
});

test("the vectors of the protocol", async () => {
  const wanted = JSON.parse(readFileSync(process.env.LINE_VECTORS, "utf8"));
  const signer = envelope.unb64(wanted.signer, 32);
  const secret = envelope.unb64(wanted.words_secret, 16);
  const keys = await envelope.keys(secret, signer);
  const sha256 = async (value) => envelope.b64(new Uint8Array(await crypto.subtle.digest("SHA-256", value)));
  assert.equal(wordsOf(secret).map((word) => word.text).join(" "), wanted.words);
  assert.equal(wordsOf(secret).map((word) => word.number).join(" "), wanted.numbers);
  assert.equal(envelope.fingerprint(signer).map((index) => wordAt(index).text).join(" "), wanted.fingerprint);
  assert.equal(envelope.b64(keys.mailbox), wanted.mailbox);
  assert.equal(envelope.b64(keys.token), wanted.token);
  assert.equal(envelope.b64(envelope.tokenHash(keys.token)), wanted.token_hash);
  assert.equal(keys.identity, wanted.reply_identity);
  assert.equal(await sha256(envelope.utf8(keys.recipient)), wanted.reply_to_sha256);
  const challenge = envelope.unb64(wanted.work_challenge, 16);
  assert.equal(envelope.search(challenge, keys.mailbox, wanted.work_bits, 0, 20000), Number(wanted.work_nonce));
  assert.equal(envelope.search(challenge, keys.mailbox, wanted.work_bits, 0, Number(wanted.work_nonce)), null);
  for (const [size, padded] of Object.entries(wanted.padded)) assert.equal(envelope.padded(Number(size)), padded);
  const key = envelope.unb64(wanted.answer_key, 32);
  const signature = envelope.unb64(wanted.signature_of_hello_as_answer, 64);
  assert.ok(envelope.signed("answer", "hello", signature, key));
  assert.ok(!envelope.signed("roster", "hello", signature, key));
  assert.ok(!envelope.signed("answer", "hello!", signature, key));
  for (const at of [0, 31, 32, 63]) {
    assert.ok(!envelope.signed("answer", "hello", signature.map((byte, i) => (i === at ? byte ^ 1 : byte)), key));
  }
  assert.ok(!envelope.signed("answer", "hello", signature, new Uint8Array(32)), "a key of small order");
});

test("base64url has one writing", () => {
  assert.throws(() => envelope.unb64("AAAAAAAAAAAAAAAAAAAAAA==", 16));
  assert.throws(() => envelope.unb64("AAAAAAAAAAAAAAAAAAAAAB", 16));
  assert.throws(() => envelope.unb64("AAAA", 16), envelope.Refused);
});
