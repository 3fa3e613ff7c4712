/**
 * The names of the contract, without schemas, so that the preload can refuse an unknown name while holding no zod.
 * `index.ts` fails to compile when this list and the schemas differ.
 */
export const callNames = [
  'app.info',
  'app.pick',
  'app.reveal',
  'app.preferences',
  'app.setPreferences',
  'app.touch',
  'vault.status',
  'vault.create',
  'vault.confirmRecovery',
  'vault.saveRecovery',
  'vault.unlock',
  'vault.lock',
  'vault.slots',
  'vault.addSlot',
  'vault.changePassphrase',
  'vault.removeSlot',
  'vault.settings',
  'vault.setSettings',
  'vault.backup',
  'vault.restore',
  'vault.salvage',
  'vault.choose',
  'kms.call',
  'keys.savePublicKey',
  'keys.saveImportParameters',
  'keys.importMaterial',
  'files.plan',
  'files.start',
  'files.list',
  'files.cancel',
  'files.pause',
  'files.resume',
  'files.retry',
  'files.clear',
  'audit.verify',
  'audit.export',
  'endpoint.status',
  'endpoint.set',
  'accessKeys.list',
  'accessKeys.create',
  'accessKeys.setActive',
  'accessKeys.delete',
  'policies.lint',
  'policies.principals',
] as const;

export const eventNames = [
  'vault.changed',
  'kms.changed',
  'files.changed',
  'audit.appended',
  'audit.progress',
  'endpoint.changed',
  'app.command',
] as const;

export type CallName = (typeof callNames)[number];
export type EventName = (typeof eventNames)[number];
