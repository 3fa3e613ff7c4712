import { stripVTControlCharacters } from 'node:util';
import type { FullResult, Reporter, TestCase, TestError, TestResult, TestStep } from '@playwright/test/reporter';

/** The first line of an error without colours: the sentence that says what differed. */
const sentence = (error: TestError): string =>
  stripVTControlCharacters(error.message ?? String(error.value)).split('\n')[0] ?? '';

/** Prints each stop of the tour when it is done, and a sentence when one failed. */
export default class TourReporter implements Reporter {
  #done = 0;
  #failed = false;

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
      console.error(`The tour failed: ${sentence(error)}`);
      if (error.location) console.error(`  at ${error.location.file}:${error.location.line}`);
    }
  }

  onError(error: TestError): void {
    this.#failed = true;
    console.error(`The tour failed: ${sentence(error)}`);
  }

  onEnd(result: FullResult): void {
    if (!this.#failed && result.status === 'passed')
      console.log(`The tour is whole: ${this.#done} stops checked, pictures in out/tour/.`);
  }

  printsToStdio(): boolean {
    return true;
  }
}
