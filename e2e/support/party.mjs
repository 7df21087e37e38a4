// What a party of the demo knows, in the form in which people type it.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { root } from "./paths.mjs";

const read = (path) => parse(readFileSync(join(root, path), "utf8"), { schema: "failsafe" });

/** The kinds of record by the name of their list: `contracts` → `contract`. */
function recordsByList() {
  const found = new Map();
  for (const file of readdirSync(join(root, "vocabulary")).filter((name) => name.endsWith(".yaml"))) {
    for (const [name, record] of Object.entries(read(`vocabulary/${file}`).records ?? {})) found.set(record.list, name);
  }
  return found;
}

const isEntry = (value) => typeof value === "object" && !Array.isArray(value) && "value" in value;
const plain = (value) => (isEntry(value) ? plain(value.value) : Array.isArray(value) ? value : String(value));

/**
 * The answers that a party file gives, by the keys of forms: `org.revenue[2025]`, `contracts` (how many), and
 * `contract.amount#1` (the records that a form makes are numbered from 1). A list is an answer with several codes.
 */
export function answersOf(path) {
  const lists = recordsByList();
  const answers = new Map();
  for (const [key, value] of Object.entries(read(path))) {
    if (["party", "name", "id", "on", "known_on", "lists", "decisions"].includes(key)) continue;
    if (lists.has(key)) {
      answers.set(key, String(value.length));
      value.forEach((row, index) => {
        for (const [field, cell] of Object.entries(row)) {
          if (field !== "id") answers.set(`${lists.get(key)}.${field}#${index + 1}`, plain(cell));
        }
      });
    } else if (typeof value === "object" && !Array.isArray(value) && !isEntry(value)) {
      for (const [year, cell] of Object.entries(value)) answers.set(`${key}[${year}]`, plain(cell));
    } else {
      answers.set(key, plain(value));
    }
  }
  return answers;
}

/** A party file with answers by the keys of forms: the way back. */
export function partyFile(answers) {
  const lists = new Map([...recordsByList()].map(([list, record]) => [record, list]));
  const file = { party: "organisation" };
  for (const [key, value] of answers) {
    const year = /^(.+)\[(\d{4})\]$/.exec(key);
    const field = /^([^.]+)\.([^#]+)#(.+)$/.exec(key);
    if (year) {
      file[year[1]] = { ...file[year[1]], [year[2]]: value };
    } else if (field) {
      const [, record, name, id] = field;
      const rows = (file[lists.get(record)] ??= []);
      const row = rows.find((row) => row.id === id) ?? rows[rows.push({ id }) - 1];
      row[name] = value;
    } else if (key.includes(".")) {
      file[key] = value;
    } else {
      // how many records there are: their fields are answered by themselves, and some of them by nobody
      const rows = (file[key] ??= []);
      for (let id = 1; id <= Number(value); id += 1) {
        if (!rows.some((row) => row.id === String(id))) rows.push({ id: String(id) });
      }
      rows.sort((a, b) => Number(a.id) - Number(b.id));
    }
  }
  return file;
}

/** The path of a demo party's file. */
export const demo = (name) => join(root, "demo", name);
