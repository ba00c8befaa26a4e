// Build the page's script: node build.mjs [file to write]. The same sources give the same bytes in any folder.

import { build } from "esbuild";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const notice =
  "/*! Safeconduct, AGPL-3.0-or-later. Contains age-encryption (BSD-3-Clause, Filippo Valsorda) " +
  "and noble and scure (MIT, Paul Miller). */";

await build({
  absWorkingDir: here,
  entryPoints: ["main.ts"],
  outfile: process.argv[2] ?? join(here, "..", "static", "line.js"),
  bundle: true,
  minify: true,
  charset: "utf8",
  format: "iife",
  target: "es2020",
  legalComments: "none",
  tsconfigRaw: { compilerOptions: { strict: true, target: "ES2020", verbatimModuleSyntax: true } },
  banner: { js: notice },
  logLevel: "warning",
});
