// Code that docs/clients.md shows, as a module.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const PAGE = readFileSync(new URL("../../docs/clients.md", import.meta.url), "utf8");

// The code after the remark that names its test. What it does not define, it finds in globalThis.
export async function documented(test, ...exported) {
  const [, code] = new RegExp(`<!-- [^>]*\\b${test} runs -->\\n\`\`\`js\\n(.*?)\`\`\``, "s").exec(PAGE);
  // Beside the packages, where Node finds them.
  const folder = mkdtempSync(join(dirname(fileURLToPath(import.meta.url)), ".documented-"));
  try {
    const file = join(folder, "code.mjs");
    writeFileSync(file, exported.length ? `${code}\nexport { ${exported} };` : code);
    return await import(pathToFileURL(file));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
