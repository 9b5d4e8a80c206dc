import Sequencer from '@jest/test-sequencer';

/** Runs the test files in the order in which they were named: the cheapest first. */
export default class InGivenOrder extends Sequencer {
  sort(tests) {
    const order = ({ path }) => process.argv.findIndex((argument) => path.endsWith(argument));
    return [...tests].sort((one, other) => order(one) - order(other));
  }
}
