// What the lock files must hold: one SQLite that does not lose writes, and npm packages that are proved by their
// content, from wherever they are fetched.

import { readFileSync } from "node:fs";
import { argv, exit } from "node:process";

const problems = [];

// Older than 3.51.3 can lose writes in WAL mode with two connections. libsqlite3-sys 0.37 carries 3.51.3; sqlx also
// accepts older ones, so any dependency could lower it in silence.
const lock = readFileSync("Cargo.lock", "utf8");
const found = [...lock.matchAll(/^name = "libsqlite3-sys"\nversion = "(\d+)\.(\d+)\.[^"]*"$/gm)];
if (found.length !== 1) {
    problems.push(`Cargo.lock has ${found.length} versions of libsqlite3-sys; there must be exactly one`);
} else if (Number(found[0][1]) === 0 && Number(found[0][2]) < 37) {
    problems.push(`Cargo.lock has libsqlite3-sys 0.${found[0][2]}, whose SQLite can lose writes; it must be 0.37 or newer`);
}

for (const path of argv.slice(2)) {
    const packages = Object.entries(JSON.parse(readFileSync(path, "utf8")).packages);
    for (const [name, entry] of packages.filter(([name]) => name !== "")) {
        if (!entry.integrity) problems.push(`${path}: ${name} has no integrity`);
        if (entry.resolved) problems.push(`${path}: ${name} is tied to one registry (resolved)`);
    }
}

for (const problem of problems) console.error(problem);
if (problems.length > 0) exit(1);
