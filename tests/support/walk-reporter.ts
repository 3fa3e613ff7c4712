import { stripVTControlCharacters } from 'node:util';
import type { FullResult, Reporter, TestCase, TestError, TestResult, TestStep } from '@playwright/test/reporter';

/** The first line of an error without colours: the sentence that says what differed. */
const sentence = (error: TestError): string =>
  stripVTControlCharacters(error.message ?? String(error.value)).split('\n')[0] ?? '';

interface Options {
  /** As its sentences call the walk: `The tour`. */
  readonly walk: string;
  /** Where its pictures are, from the root. */
  readonly pictures: string;
}

/** Prints each stop of a walk through the window when it is done, and a sentence when one failed. */
export default class WalkReporter implements Reporter {
  readonly #options: Options;
  #done = 0;
  #failed = false;

  constructor(options: Options) {
    this.#options = options;
  }

  onStepEnd(_test: TestCase, _result: TestResult, step: TestStep): void {
    if (step.category !== 'test.step') return;
    if (step.error) {
      console.log(`  ✘ ${step.title}`);
      return;
    }
    this.#done++;
    console.log(`  ✓ ${step.title} (${(step.duration / 1000).toFixed(1)} s)`);
  }

  onStdOut(chunk: string | Buffer): void {
    process.stdout.write(chunk);
  }

  onTestEnd(_test: TestCase, result: TestResult): void {
    for (const error of result.errors) {
      this.#failed = true;
      console.error(`${this.#options.walk} failed: ${sentence(error)}`);
      if (error.location) console.error(`  at ${error.location.file}:${error.location.line}`);
    }
  }

  onError(error: TestError): void {
    this.#failed = true;
    console.error(`${this.#options.walk} failed: ${sentence(error)}`);
  }

  onEnd(result: FullResult): void {
    if (!this.#failed && result.status === 'passed')
      console.log(
        `${this.#options.walk} is whole: ${this.#done} stops checked, pictures in ${this.#options.pictures}.`,
      );
  }

  printsToStdio(): boolean {
    return true;
  }
}
