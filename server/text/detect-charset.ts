import { readFileSync } from 'node:fs';

/** Of WebAssembly what is used here; TypeScript knows it only together with a browser's whole world. */
declare const WebAssembly: {
  Module: new (code: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: unknown };
};

/** What chardetng's module exports, as wasm-bindgen names it and as the loader in its package calls it. */
interface Chardetng {
  memory: { readonly buffer: ArrayBuffer };
  encodingdetector_new: () => number;
  encodingdetector_feed: (detector: number, bytes: number, length: number, isLast: number) => number;
  encodingdetector_guess: (
    answer: number,
    detector: number,
    domain: number,
    length: number,
    mayBeUtf8: number,
  ) => void;
  __wbg_encodingdetector_free: (detector: number) => void;
  __wbindgen_add_to_stack_pointer: (by: number) => number;
  __wbindgen_malloc: (length: number) => number;
  __wbindgen_free: (at: number, length: number) => void;
}

/** The detector takes an eighth of a millisecond a KiB, in the event loop; a few sentences tell it as much as a book. */
const MOST_BYTES = 4096;

/** What chardetng takes for a domain without ending its thread. */
const TOP_LEVEL_DOMAIN = /^[a-z0-9-]{1,63}$/;

let loaded: Chardetng | undefined;

/**
 * What these bytes, which are not UTF-8, are most likely written in, by Firefox's detector: the name that TextDecoder has
 * for it. `domain` is the top-level domain of the site, as URLs write it: what is usual there is preferred. The detector takes
 * 7 MiB of each thread, so only one that needs it loads it.
 */
export function detectCharset(bytes: Uint8Array, domain: string | null): string {
  loaded ??= load();
  const { memory, ...chardetng } = loaded;
  const put = (given: Uint8Array) => {
    const at = chardetng.__wbindgen_malloc(given.length);
    new Uint8Array(memory.buffer).set(given, at);
    return at;
  };
  // ASCII tells nothing but where a word begins, and the head of a page is often nothing else.
  const from = Math.max(0, bytes.findIndex(byte => byte >= 0x80) - 1);
  const sample = bytes.subarray(from, from + MOST_BYTES);
  const known = domain !== null && TOP_LEVEL_DOMAIN.test(domain) ? Buffer.from(domain) : null;

  const detector = chardetng.encodingdetector_new();
  const answer = chardetng.__wbindgen_add_to_stack_pointer(-16);
  try {
    const isLast = from + sample.length === bytes.length;
    chardetng.encodingdetector_feed(detector, put(sample), sample.length, Number(isLast));
    chardetng.encodingdetector_guess(answer, detector, known ? put(known) : 0, known?.length ?? 0, 0);
    const [at = 0, length = 0] = new Uint32Array(memory.buffer, answer, 2);
    const name = Buffer.from(memory.buffer, at, length).toString('latin1').toLowerCase();
    chardetng.__wbindgen_free(at, length);
    return name;
  } finally {
    chardetng.__wbindgen_add_to_stack_pointer(16);
    chardetng.__wbg_encodingdetector_free(detector);
  }
}

/** In this way and not by importing the package, which Node can do for WebAssembly only as an experiment. */
function load(): Chardetng {
  const code = readFileSync(new URL(import.meta.resolve('chardetng-wasm/dist/chardetng_wasm_bg.wasm')));
  const imports = {
    './chardetng_wasm_bg.js': {
      __wbindgen_throw() {
        throw new Error('chardetng broke');
      },
    },
  };
  return new WebAssembly.Instance(new WebAssembly.Module(code), imports).exports as Chardetng;
}
