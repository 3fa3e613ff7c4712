import { create } from 'zustand';
import type { CallOutput, EventPayload } from '../../../shared/contract/index.ts';
import { inCalls } from '../../../shared/contract/paths-per-call.ts';
import type { SigningAlgorithm } from '../../../shared/kms/enums.ts';
import { invoke, on } from '../../lib/api.ts';
import { notifyError } from '../../lib/notify.tsx';
import { onSessionEnd, sameSession } from '../../lib/session.ts';

export type Job = EventPayload<'sign.changed'>['jobs'][number];
export type Item = CallOutput<'sign.look'>['items'][number];
export type From = 'file' | 'text';

/** What is about to be signed, as it stands in the fields. */
export interface SignDraft {
  readonly from: From;
  readonly files: readonly Item[];
  readonly text: string;
  readonly keyId: string | null;
  /** The key's first one unless chosen. */
  readonly algorithm: SigningAlgorithm | null;
  /** Signatures go there; '' is beside each file, and for a text nowhere. */
  readonly folder: string;
  readonly withPublicKey: boolean;
}

/** What is about to be verified. */
export interface VerifyDraft {
  readonly from: From;
  readonly file: string;
  readonly text: string;
  readonly signatureFrom: From;
  readonly signatureFile: string;
  readonly signatureText: string;
  /** The file that the signature file came with; '' when it was chosen by itself. */
  readonly signatureOf: string;
  readonly by: 'vault' | 'outside';
  readonly keyId: string | null;
  /** PEM or base64. */
  readonly publicKey: string;
  readonly algorithm: SigningAlgorithm | null;
}

interface SignState {
  /** By id, the newest last. */
  readonly jobs: ReadonlyMap<string, Job>;
  readonly sign: SignDraft;
  readonly verify: VerifyDraft;
}

const nothing: SignState = {
  jobs: new Map(),
  sign: { from: 'file', files: [], text: '', keyId: null, algorithm: null, folder: '', withPublicKey: true },
  verify: {
    from: 'file',
    file: '',
    text: '',
    signatureFrom: 'file',
    signatureFile: '',
    signatureText: '',
    signatureOf: '',
    by: 'vault',
    keyId: null,
    publicKey: '',
    algorithm: null,
  },
};

/** Jobs and drafts: they outlive the screen, and are forgotten with the session. */
export const useSigning = create<SignState>()(() => nothing);

onSessionEnd(() => useSigning.setState(nothing));

export const changeSign = (changes: Partial<SignDraft>): void =>
  useSigning.setState(({ sign }) => ({ sign: { ...sign, ...changes } }));

export const changeVerify = (changes: Partial<VerifyDraft>): void =>
  useSigning.setState(({ verify }) => ({ verify: { ...verify, ...changes } }));

/** Another file is to be verified: a signature that came with the one before is not taken for its own. */
export function changeFile(file: string): void {
  const { signatureOf } = useSigning.getState().verify;
  const stale = signatureOf !== '' && signatureOf !== file;
  changeVerify({ from: 'file', file, ...(stale ? { signatureFile: '', signatureOf: '' } : {}) });
}

let listening = false;

function receive(changed: readonly Job[], removed: readonly string[] = []): void {
  const jobs = new Map(useSigning.getState().jobs);
  for (const job of changed) jobs.set(job.id, job);
  for (const id of removed) jobs.delete(id);
  useSigning.setState({ jobs });
}

/** Follows the jobs; called by the screen that shows them. */
export function followJobs(): void {
  if (!listening) {
    listening = true;
    on('sign.changed', ({ jobs, removed }) => receive(jobs, removed));
  }
  const stillOpen = sameSession();
  invoke('sign.list', {})
    .then(({ jobs }) => {
      if (stillOpen()) useSigning.setState({ jobs: new Map(jobs.map((job) => [job.id, job])) });
    })
    .catch(notifyError);
}

async function lookAt(paths: readonly string[]): Promise<Item[]> {
  const items: Item[] = [];
  for (const some of inCalls(paths)) items.push(...(await invoke('sign.look', { paths: some })).items);
  return items;
}

/** Adds files to what is about to be signed; each stands there once. */
export async function addFiles(paths: readonly string[]): Promise<void> {
  const known = new Set(useSigning.getState().sign.files.map(({ path }) => path));
  const fresh = [...new Set(paths)].filter((path) => !known.has(path));
  if (fresh.length === 0) return;
  const stillOpen = sameSession();
  const items = await lookAt(fresh);
  if (!stillOpen()) return;
  const { files } = useSigning.getState().sign;
  const have = new Set(files.map(({ path }) => path));
  changeSign({ from: 'file', files: [...files, ...items.filter(({ path }) => !have.has(path))] });
}

/** Takes files off what is about to be signed. */
export function removeFiles(paths: readonly string[]): void {
  const gone = new Set(paths);
  changeSign({ files: useSigning.getState().sign.files.filter(({ path }) => !gone.has(path)) });
}

const SIGNATURE = /\.sig$/i;

/** What was dropped to be verified: a file, its signature, or both; a signature beside the file is found. */
export async function takeToVerify(paths: readonly string[]): Promise<void> {
  const stillOpen = sameSession();
  const signature = paths.find((path) => SIGNATURE.test(path));
  const given = paths.find((path) => !SIGNATURE.test(path));
  const file = given ?? (await theFileOf(signature));
  if (!stillOpen()) return;
  if (file !== undefined) changeFile(file);
  if (signature !== undefined)
    changeVerify({ signatureFrom: 'file', signatureFile: signature, signatureOf: file ?? '' });
  else if (file !== undefined) await findSignature(file);
}

/** The file that a signature lies beside, when it is there. */
async function theFileOf(signature: string | undefined): Promise<string | undefined> {
  if (signature === undefined) return undefined;
  const items = await lookAt([signature.replace(SIGNATURE, '')]);
  return items.find(({ problem }) => problem === undefined)?.path;
}

/** Fills in the signature that lies beside a file. */
export async function findSignature(file: string): Promise<void> {
  const [item] = await lookAt([file]);
  if (item?.signature !== undefined && useSigning.getState().verify.file === file)
    changeVerify({ signatureFrom: 'file', signatureFile: item.signature, signatureOf: file });
}

/** Signs what stands in the fields. Files go off the list when their job is there: what fails to begin stays. */
export async function startSigning(keyId: string, region: string, algorithm: SigningAlgorithm): Promise<void> {
  const { from, files, text, folder, withPublicKey } = useSigning.getState().sign;
  const stillOpen = sameSession();
  const wish = { keyId, region, algorithm, withPublicKey, ...(folder === '' ? {} : { folder }) };
  const begin = async (what: Parameters<typeof invoke<'sign.start'>>[1]['what']) => {
    const { jobs } = await invoke('sign.start', { what, ...wish });
    if (stillOpen()) receive(jobs.filter(({ id }) => !useSigning.getState().jobs.has(id)));
  };
  if (from === 'text') return begin({ text });
  for (const paths of inCalls(files.map(({ path }) => path))) {
    await begin({ paths });
    removeFiles(paths);
  }
}

type Verification = Parameters<typeof invoke<'sign.verify'>>[1];

export async function startVerifying(wish: Verification): Promise<void> {
  const stillOpen = sameSession();
  const { job } = await invoke('sign.verify', wish);
  if (stillOpen() && !useSigning.getState().jobs.has(job.id)) receive([job]);
}
