// The roster: who can open a report, signed by the organisation.

import { type Bytes, checkRecipients, Refused, signed, unb64 } from "../../envelope/envelope";

export interface Roster {
  organisation: string;
  signer: Bytes;
  addresses: string[];
  limit: number;
  recipients: string[];
  answerKeys: Bytes[];
}

interface Inside {
  v: number;
  organisation: string;
  signer: string;
  expires: string;
  addresses: string[];
  limit: number;
  recipients: { recipient: string; answer_key: string }[];
}

export const today = (): string => new Date().toISOString().slice(0, 10);

/** A roster whose signature is its signer's and which has not expired; anything else is refused. */
export function readRoster(file: string, day: string): Roster {
  const outside = JSON.parse(file) as { signed: string; signature: string };
  const inside = JSON.parse(outside.signed) as Inside;
  const signer = unb64(inside.signer, 32);
  if (!signed("roster", outside.signed, unb64(outside.signature, 64), signer)) throw new Refused("the roster's signature is wrong");
  if (inside.v !== 1) throw new Refused("a roster of an unknown version");
  if (!/^\d{4}-\d\d-\d\d$/.test(inside.expires) || inside.expires < day) throw new Refused("the roster has expired");
  const recipients = inside.recipients.map((one) => one.recipient);
  checkRecipients(recipients);
  return {
    organisation: String(inside.organisation),
    signer,
    addresses: inside.addresses.map(String),
    limit: Number(inside.limit),
    recipients,
    answerKeys: inside.recipients.map((one) => unb64(one.answer_key, 32)),
  };
}
