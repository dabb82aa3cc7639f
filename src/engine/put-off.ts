/**
 * PutOff: whether something waits for the moment when nothing runs.
 *
 * The one idea: three parts of the engine put work off (clients that may go on, lines that a pause held, broadcasts), and
 * whoever drives the engine asks after each batch. One flag for all: a call in process asks it too, 5 ns sooner than three.
 */
export class PutOff {
  /** Set by whoever puts work off. */
  any = false
}
