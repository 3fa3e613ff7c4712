import { Tabs } from '@mantine/core';
import { IconShieldCheck, IconSignature } from '@tabler/icons-react';
import { useEffect } from 'react';
import { PageHeader } from '../../components/PageHeader.tsx';
import { Screen } from '../../components/Screen.tsx';
import { navigate, useRoute } from '../../lib/route.ts';
import { useFileDrop } from '../../lib/use-file-drop.ts';
import { SignTab } from './SignTab.tsx';
import classes from './sign.module.css';
import { addFiles, followJobs, takeToVerify } from './store.ts';
import { VerifyTab } from './VerifyTab.tsx';

/** Sign & verify: detached signatures of texts and files. */
export function SignScreen() {
  const verifies = useRoute().section === 'verify';
  const { over, handlers } = useFileDrop(verifies ? takeToVerify : addFiles);
  useEffect(followJobs, []);
  return (
    <Screen wide>
      <section
        aria-label={verifies ? 'Drop a file and its signature here' : 'Drop files to sign here'}
        className={classes.area}
        data-over={over || undefined}
        {...handlers}
      >
        <PageHeader
          title="Sign & verify"
          description="A signature proves who made a text or file, and that it was not changed since."
        />
        <Tabs
          value={verifies ? 'verify' : 'sign'}
          onChange={(id) => navigate(id === 'verify' ? '/sign/verify' : '/sign', { replace: true })}
          keepMounted={false}
        >
          <Tabs.List mb="lg" aria-label="Parts of Sign & verify">
            <Tabs.Tab value="sign" leftSection={<IconSignature size={17} stroke={1.7} aria-hidden />}>
              Sign
            </Tabs.Tab>
            <Tabs.Tab value="verify" leftSection={<IconShieldCheck size={17} stroke={1.7} aria-hidden />}>
              Verify
            </Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="sign">
            <SignTab />
          </Tabs.Panel>
          <Tabs.Panel value="verify">
            <VerifyTab />
          </Tabs.Panel>
        </Tabs>
      </section>
    </Screen>
  );
}
