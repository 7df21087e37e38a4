// Where things are.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** What a run leaves behind: screenshots, logs, measurements. Not in git. */
export const output = join(root, "target/e2e");
