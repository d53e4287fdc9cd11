/** Seconds between two lines. */
const EVERY = 10;

/** Says every ten seconds of a run how far it is and what is being judged; short runs say nothing. */
export class Progress {
  readonly #print: (line: string) => void;
  #timer: NodeJS.Timeout | undefined;
  #started = 0;
  #all = 0;
  #done = 0;
  /** What is being told, and the step that it is at. */
  readonly #now = new Map<string, string>();

  /** @param print where a line goes: not among the results */
  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** @param all how many tests there are */
  begin(all: number): void {
    this.#all = all;
    this.#started = Date.now();
    this.#timer = setInterval(() => {
      this.#print(this.#line());
    }, EVERY * 1000);
    this.#timer.unref();
  }

  told(title: string, step = ''): void {
    this.#now.set(title, step);
  }

  ended(title: string): void {
    this.#now.delete(title);
    this.#done++;
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #line(): string {
    const now = [...this.#now].map(([title, step]) => (step === '' ? title : `${title}: ${step}`)).join(' | ');
    const seconds = Math.round((Date.now() - this.#started) / 1000);
    return `  … ${this.#done} of ${this.#all} told after ${seconds} s${now === '' ? '' : `; now ${now}`}`;
  }
}
