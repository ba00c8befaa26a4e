// The roster: who can open a report, signed by the organisation.

import { b64, type Bytes, checkRecipients, equal, Refused, signed, unb64 } from "../../envelope/envelope";
import { closed, day, integer, list, parse, string } from "./json";

export interface Roster {
  organisation: string;
  signer: Bytes;
  addresses: string[];
  limit: number;
  recipients: string[];
  answerKeys: Bytes[];
  former: Former[];
}

/** The answer key of a caseworker who left: what it signed up to that day stays genuine. */
interface Former {
  answerKey: Bytes;
  until: string;
}

const KEYS = ["v", "organisation", "signer", "issued", "expires", "addresses", "limit", "retention_days", "recipients", "former"];
const MOST_FORMER = 20;

export const today = (): string => new Date().toISOString().slice(0, 10);

/** A roster whose signature is its signer's and which has not expired; anything else is refused. */
export function readRoster(file: string, on: string): Roster {
  const outside = closed(parse(file), ["signed", "signature"]);
  const text = string(outside["signed"]);
  const inside = closed(parse(text), KEYS);
  const signer = unb64(string(inside["signer"]), 32);
  const signature = unb64(string(outside["signature"]), 64);
  if (!signed("roster", text, signature, signer)) throw new Refused("the roster's signature is wrong");
  if (inside["v"] !== 1) throw new Refused("a roster of an unknown version");
  if (day(inside["expires"]) < on) throw new Refused("the roster has expired");
  const desks = list(inside["recipients"]).map((one) => closed(one, ["name", "recipient", "answer_key"]));
  const recipients = desks.map((one) => string(one["recipient"]));
  checkRecipients(recipients);
  const answerKeys = desks.map((one) => unb64(string(one["answer_key"]), 32));
  const former = list(inside["former"]).map((one): Former => {
    const { answer_key, until } = closed(one, ["answer_key", "until"]);
    return { answerKey: unb64(string(answer_key), 32), until: day(until) };
  });
  const known = [...answerKeys, ...former.map((one) => one.answerKey)].map(b64);
  if (former.length > MOST_FORMER || new Set(known).size !== known.length) throw new Refused("answer keys alike, or too many");
  return {
    organisation: string(inside["organisation"]),
    signer,
    addresses: list(inside["addresses"]).map(string),
    limit: integer(inside["limit"], 65536),
    recipients,
    answerKeys,
    former,
  };
}

/** Whether what this key signed on that day is an answer of the organisation. */
export function vouches(roster: Roster, key: Bytes, written: string): boolean {
  if (roster.answerKeys.some((known) => equal(known, key))) return true;
  return roster.former.some(({ answerKey, until }) => equal(answerKey, key) && written <= until);
}
