// Makes the files that pages load: ours put together, those of others copied; each under a name with the hash of its
// content, so that browsers may keep it for ever, and compressed once, here. Usage: node build.mjs OUT_FOLDER
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2];
const read = (path) => readFileSync(join(here, path));
const all = (folder, end) =>
  readdirSync(join(here, folder)).filter((name) => name.endsWith(end)).sort().map((name) => read(`${folder}/${name}`));
const joined = (parts) => Buffer.concat(parts.flatMap((part) => [part, Buffer.from("\n")]));

// the order of the style sheets is that of their names: 00-tokens.css before 10-base.css
const files = {
  "app.css": joined([read("node_modules/modern-normalize/modern-normalize.css"), ...all("css", ".css")]),
  "dark.css": read("css/themes/dark.css"),
  "app.js": joined(all("js", ".js")),
  "htmx.js": read("node_modules/htmx.org/dist/htmx.min.js"),
  "charts.js": read("node_modules/echarts/dist/echarts.common.min.js"),
  "overview.js": read("charts/overview.js"),
};
for (const name of readdirSync(join(here, "img"))) files[name] = read(`img/${name}`);

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const manifest = {};
const add = (name, content) => {
  const end = extname(name);
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const hashed = `${name.slice(0, -end.length)}.${hash}${end}`;
  manifest[name] = hashed;
  writeFileSync(join(out, hashed), content);
  if ([".css", ".js", ".svg"].includes(end)) {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
    writeFileSync(join(out, `${hashed}.br`), brotliCompressSync(content, { params }));
  }
};
for (const [name, content] of Object.entries(files)) add(name, content);
// what a phone needs to put the site on its home screen; it names the icon as it is served
const icon = { src: `/assets/${manifest["kapok.svg"]}`, type: "image/svg+xml", sizes: "any" };
const site = { name: "木棉 Kapok", short_name: "木棉", start_url: "/", display: "standalone", icons: [icon] };
add("site.webmanifest", Buffer.from(JSON.stringify({ ...site, background_color: "#faf6f0", theme_color: "#fffdfa" })));
writeFileSync(join(out, "manifest.json"), JSON.stringify(manifest, null, 2));
