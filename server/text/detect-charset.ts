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
 * What these bytes, which are not UTF-8, are most likely written in, by Firefox's detector: the name that
 * TextDecoder has for it. They may end in the middle of a character. `domain` is the top-level domain of the site,
 * as URLs write it: what is usual there is preferred. The detector takes 7 MiB of each thread, so only one that
 * needs it loads it.
 */
export function detectCharset(bytes: Uint8Array, domain: string | null): string {
  loaded ??= load();
  try {
    return ask(loaded, sampleOf(bytes), domain !== null && TOP_LEVEL_DOMAIN.test(domain) ? domain : null);
  } catch (error) {
    // Whatever state it is in now.
    loaded = undefined;
    throw error;
  }
}

function ask({ memory, ...chardetng }: Chardetng, sample: Uint8Array, domain: string | null): string {
  // What is put there is freed there.
  const put = (given: Uint8Array) => {
    const at = chardetng.__wbindgen_malloc(given.length);
    new Uint8Array(memory.buffer).set(given, at);
    return at;
  };
  const detector = chardetng.encodingdetector_new();
  chardetng.encodingdetector_feed(detector, put(sample), sample.length, 0);
  const answer = chardetng.__wbindgen_add_to_stack_pointer(-16);
  const known = domain === null ? 0 : put(Buffer.from(domain));
  chardetng.encodingdetector_guess(answer, detector, known, domain?.length ?? 0, 0);
  const [at = 0, length = 0] = new Uint32Array(memory.buffer, answer, 2);
  const name = Buffer.from(memory.buffer, at, length).toString('latin1').toLowerCase();
  chardetng.__wbindgen_free(at, length);
  chardetng.__wbindgen_add_to_stack_pointer(16);
  chardetng.__wbg_encodingdetector_free(detector);
  return name;
}

/** What is not ASCII, with its neighbours: the rest tells nothing, and of a page it is most. */
function sampleOf(bytes: Uint8Array): Uint8Array {
  const sample = new Uint8Array(Math.min(bytes.length, MOST_BYTES));
  let length = 0;
  let beyondAt = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < bytes.length && length < sample.length; at++) {
    const byte = bytes[at] as number;
    if (byte >= 0x80) beyondAt = at;
    if (at - beyondAt <= 2 || (bytes[at + 1] ?? 0) >= 0x80) sample[length++] = byte;
  }
  return sample.subarray(0, length);
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
