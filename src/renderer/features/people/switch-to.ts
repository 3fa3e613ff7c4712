import { askForMfa } from '../../lib/mfa.ts';
import { notifyAside, notifyError, notifySuccess } from '../../lib/notify.tsx';
import { actAs, useSession } from '../../lib/session.ts';
import { personWords } from './looks.ts';

/** Acts as somebody else and says so. */
export async function switchTo(principalArn: string): Promise<void> {
  try {
    const acting = await actAs(principalArn);
    notifySuccess(
      acting.owner
        ? "Every call is the vault owner's again."
        : `Every call is made as ${personWords(acting)} of account ${acting.accountId} now.`,
      undefined,
      { answer: acting },
    );
  } catch (error) {
    notifyError(error);
  }
}

/** Acts as the vault's owner again. */
export async function backToOwner(): Promise<void> {
  const { status } = useSession.getState();
  if (status?.state === 'open') await switchTo(status.principalArn);
}

/** Asks for a code of whom the window acts as. */
export async function enterCode(): Promise<void> {
  const answer = await askForMfa();
  if (answer) notifyAside('The code was right.', 'Second factor proven', answer);
}
