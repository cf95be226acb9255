// Runs a WASI program in node: node wasi.mjs PROGRAM.wasm ARGUMENT... It may write to stdout and stderr and read the
// clock, no more. node's own WASI crashes at times where memory grows while functions are still being optimised.
import { readFileSync, writeSync } from "node:fs";

const [program, ...rest] = process.argv.slice(2);
const texts = [program, ...rest].map((text) => new TextEncoder().encode(`${text}\0`));
let memory;
const view = () => new DataView(memory.buffer);

const system = {
  args_sizes_get(count, size) {
    view().setUint32(count, texts.length, true);
    view().setUint32(size, texts.reduce((sum, text) => sum + text.length, 0), true);
    return 0;
  },
  args_get(pointers, at) {
    for (const [place, text] of texts.entries()) {
      view().setUint32(pointers + 4 * place, at, true);
      new Uint8Array(memory.buffer).set(text, at);
      at += text.length;
    }
    return 0;
  },
  environ_sizes_get(count, size) {
    view().setUint32(count, 0, true);
    view().setUint32(size, 0, true);
    return 0;
  },
  environ_get: () => 0,
  clock_time_get(clock, precision, at) {
    view().setBigUint64(at, process.hrtime.bigint(), true);
    return 0;
  },
  fd_write(file, parts, count, written) {
    let all = 0;
    for (let part = 0; part < count; part++) {
      const [from, length] = [0, 4].map((offset) => view().getUint32(parts + 8 * part + offset, true));
      all += writeSync(file, new Uint8Array(memory.buffer, from, length));
    }
    view().setUint32(written, all, true);
    return 0;
  },
  proc_exit(code) {
    process.exit(code);
  },
};
/** What the program asks for and does not need here: "not supported". */
const refused = { get: (known, name) => known[name] ?? (() => 58) };

const module = await WebAssembly.compile(readFileSync(program));
const imports = { wasi_snapshot_preview1: new Proxy(system, refused) };
const { exports } = await WebAssembly.instantiate(module, imports);
memory = exports.memory;
exports._start();
