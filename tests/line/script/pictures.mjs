// node pictures.mjs <folder>: strip every file of a folder into <name>.stripped; says what was read.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { stripped } from "../../../src/safeconduct/line/browser/pictures/strip.ts";

const folder = process.argv[2];
const said = {};
for (const name of readdirSync(folder)) {
  const read = await stripped(new Blob([readFileSync(`${folder}/${name}`)]));
  if (read) writeFileSync(`${folder}/${name}.stripped`, new Uint8Array(await read.content.arrayBuffer()));
  said[name] = read?.kind.type ?? null;
}
console.log(JSON.stringify(said));
