// What benchmarks/line_page.py measures inside the browser: the page's own modules, put into the global `line`.
import * as envelope from "../src/safeconduct/envelope/envelope.ts";
import { pack } from "../src/safeconduct/line/browser/parcel.ts";
import { readRoster } from "../src/safeconduct/line/browser/roster.ts";
import { newSecret } from "../src/safeconduct/line/browser/words.ts";

globalThis.line = { ...envelope, pack, readRoster, newSecret };
