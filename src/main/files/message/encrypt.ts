import { CofferError } from '../../../shared/kms/errors.ts';
import { FRAMES_MAX, sealFrame } from './frames.ts';
import type { MessageHeader } from './header.ts';
import { sealHeader } from './header.ts';
import type { Signer } from './signature.ts';

export interface EncryptOptions {
  readonly header: MessageHeader;
  readonly dataKey: Uint8Array;
  readonly signer?: Signer | undefined;
}

/**
 * Encrypts a stream of batches into the pieces of a message, a batch's worth at a time. Every batch but the last must hold
 * a whole number of frames. A batch may be overwritten once the next one is asked for.
 */
export async function* encryptMessage(
  batches: AsyncIterable<Uint8Array>,
  { header, dataKey, signer }: EncryptOptions,
): AsyncGenerator<Uint8Array[]> {
  const { bytes, key } = sealHeader(header, dataKey);
  const { frameLength, messageId } = header;
  let pieces: Uint8Array[] = [bytes];
  let sequence = 0;
  const flush = () => {
    const out = pieces;
    if (signer) for (const piece of out) signer.update(piece);
    pieces = [];
    return out;
  };
  const frame = (plaintext: Uint8Array, final: boolean) => {
    if (++sequence > FRAMES_MAX)
      throw new CofferError('FileTooLarge', 'The file has more frames than a message can number.');
    pieces.push(...sealFrame(key, messageId, sequence, plaintext, final));
  };
  const whole = (batch: Uint8Array, last: boolean) => {
    // The last frame is the final one, full or not; an empty message has an empty final frame.
    for (let at = 0; at < batch.length || (last && at === 0); at += frameLength) {
      const end = Math.min(at + frameLength, batch.length);
      frame(batch.subarray(at, end), last && end === batch.length);
    }
  };
  let held: Uint8Array | undefined;
  for await (const batch of batches) {
    if (batch.length === 0) continue;
    if (held) {
      whole(held, false);
      yield flush();
    }
    held = batch;
  }
  whole(held ?? new Uint8Array(0), true);
  yield flush();
  key.fill(0);
  if (signer) yield [signer.footer()];
}
