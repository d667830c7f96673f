import type { RefusalOutcome } from '@redoubt/secrets';
import { Redis } from 'iovalkey';
import { findReplacement, isOutdated, present, type PresentedValue } from '../rotation/presented-value.ts';
import type { ReconnectDelay } from './reconnect-delay.ts';
import { toClientOptions, type ValkeyOptions } from './valkey-options.ts';

/** The library's client, which shows the password and the TLS material that hold at that moment (SR-52). */
export class SigningClient extends Redis {
  readonly #valkey: ValkeyOptions;
  readonly #delay: ReconnectDelay;
  #shown: PresentedValue | undefined;
  #holding: PresentedValue | undefined;

  constructor(options: ValkeyOptions, delay: ReconnectDelay) {
    super(toClientOptions(options, delay));
    this.#valkey = options;
    this.#delay = delay;
  }

  /** Whether another password holds by now than the one that this connection began with, or took since. */
  get isOutdated(): boolean {
    return this.#holding !== undefined && isOutdated(this.#holding);
  }

  /** The library calls it for each reconnect too. */
  override connect(...args: Parameters<Redis['connect']>): Promise<void> {
    this.#shown = this.#takePassword();
    this.#holding = this.#shown;
    const { password, tls } = toClientOptions(this.#valkey, this.#delay);
    Object.assign(this.options, { password, tls });
    return super.connect(...args);
  }

  /**
   * Signs in once more on the connection that stands, behind the commands that were sent. A server that refuses leaves
   * the connection as whom it was.
   */
  async signInAgain(): Promise<void> {
    const { username } = this.#valkey;
    const shown = this.#takePassword();
    if (shown === undefined) return;
    this.#shown = shown;
    const password = shown.value.expose();
    await (username === undefined ? this.auth(password) : this.auth(username, password));
    this.#holding = shown;
  }

  /** Answers whether there is another password than the one that was shown last, which the server refused. */
  async findReplacement(): Promise<RefusalOutcome> {
    return this.#shown === undefined ? 'unchanged' : findReplacement([this.#shown]);
  }

  #takePassword(): PresentedValue | undefined {
    const { password } = this.#valkey;
    return password === undefined ? undefined : present(password);
  }
}
