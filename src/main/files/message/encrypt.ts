import { CofferError } from '../../../shared/kms/errors.ts';
import { FRAMES_MAX, sealedFrameBytes, sealFrame } from './frames.ts';
import type { MessageHeader } from './header.ts';
import { sealHeader } from './header.ts';
import type { Signer } from './signature.ts';

export interface EncryptOptions {
  readonly header: MessageHeader;
  readonly dataKey: Uint8Array;
  readonly signer?: Signer | undefined;
}

/**
 * Encrypts a stream of batches into the pieces of a message, one a batch. Every batch but the last must hold a whole number
 * of frames. A batch may be overwritten once the one after the next is asked for; a piece is overwritten when the second one
 * after it is asked for.
 */
export async function* encryptMessage(
  batches: AsyncIterable<Uint8Array>,
  { header, dataKey, signer }: EncryptOptions,
): AsyncGenerator<Uint8Array> {
  const { bytes, key } = sealHeader(header, dataKey);
  const { frameLength, messageId } = header;
  const buffers = [new Uint8Array(0), new Uint8Array(0)] as [Uint8Array, Uint8Array];
  let turn: 0 | 1 = 0;
  let sequence = 0;
  const seal = (batch: Uint8Array, last: boolean) => {
    const frames = Math.max(1, Math.ceil(batch.length / frameLength));
    const room = batch.length + frames * sealedFrameBytes(0, true);
    turn = turn === 0 ? 1 : 0;
    if (buffers[turn].length < room) buffers[turn] = new Uint8Array(room);
    const target = buffers[turn];
    let filled = 0;
    // The last frame is the final one, full or not; an empty message has an empty final frame.
    for (let at = 0; at < batch.length || (last && at === 0); at += frameLength) {
      const end = Math.min(at + frameLength, batch.length);
      if (++sequence > FRAMES_MAX)
        throw new CofferError('FileTooLarge', 'The file has more frames than a message can number.');
      const final = last && end === batch.length;
      filled += sealFrame(key, messageId, sequence, batch.subarray(at, end), final, target.subarray(filled));
    }
    const piece = target.subarray(0, filled);
    signer?.update(piece);
    return piece;
  };
  try {
    signer?.update(bytes);
    yield bytes;
    let held: Uint8Array | undefined;
    for await (const batch of batches) {
      if (batch.length === 0) continue;
      if (held) yield seal(held, false);
      held = batch;
    }
    yield seal(held ?? new Uint8Array(0), true);
    if (signer) yield signer.footer();
  } finally {
    key.fill(0);
  }
}
