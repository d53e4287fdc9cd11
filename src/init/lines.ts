import { createInterface } from 'node:readline';
import { Writable, type Readable } from 'node:stream';

/** Asks one question after another; undefined is answered when the input ends, or by Ctrl+C. */
export interface Lines {
  /** Somebody is there, and can be asked again. */
  terminal: boolean;
  /** @param hidden what is typed is not shown */
  ask: (question: string, hidden: boolean) => Promise<string | undefined>;
  close: () => void;
}

/** Answers from a terminal, or line by line from a pipe. */
export function linesOf(input: Readable & { isTTY?: boolean }, output: Writable): Lines {
  const terminal = input.isTTY === true;
  // What is typed ahead of a question is not shown either: it may be a password.
  let muted = true;
  const shown = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!muted) output.write(chunk);
      done();
    },
  });
  // No history: an arrow key would bring a password back.
  const reader = createInterface({ input, output: shown, terminal, historySize: 0 });
  reader.on('line', () => {
    muted = true;
  });
  // What came through a pipe is answered from after the pipe has ended; a reader that has ended cannot prompt.
  let ended = false;
  reader.once('close', () => {
    ended = true;
  });
  const lines = reader[Symbol.asyncIterator]();
  return {
    terminal,
    ask: async (question, hidden) => {
      muted = false;
      if (ended) output.write(question);
      else {
        reader.setPrompt(question);
        reader.prompt();
      }
      muted = hidden;
      const { value, done } = (await lines.next()) as IteratorResult<string, undefined>;
      if (hidden || !terminal || done === true) output.write('\n');
      return done === true ? undefined : value;
    },
    close: () => {
      reader.close();
    },
  };
}
