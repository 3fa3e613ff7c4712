import { app, type NativeImage, nativeImage } from 'electron';

const SIZE = 32;
const EDGE = 2;

/** A sheet of paper: where the system has no picture of a file, a drag must show something all the same. */
function sheet(): NativeImage {
  const pixels = Buffer.alloc(SIZE * SIZE * 4);
  for (let y = 0; y < SIZE; y++) {
    for (let x = 6; x < SIZE - 6; x++) {
      const edge = y < EDGE || y >= SIZE - EDGE || x < 6 + EDGE || x >= SIZE - 6 - EDGE;
      pixels.writeUInt32BE(edge ? 0x6b6b6bff : 0xfafafaff, (y * SIZE + x) * 4);
    }
  }
  return nativeImage.createFromBitmap(pixels, { width: SIZE, height: SIZE });
}

/** What a file looks like while it is dragged. */
export async function dragIcon(file: string): Promise<NativeImage> {
  const icon = await app.getFileIcon(file).catch(() => undefined);
  return icon && !icon.isEmpty() ? icon : sheet();
}
