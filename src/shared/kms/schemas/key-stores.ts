import { z } from 'zod';
import { connectionErrorCodes, connectionStates, customKeyStoreTypes, xksProxyConnectivities } from '../enums.ts';
import { keyStoreRules } from '../key-store-rules.ts';
import { limits } from '../limits.ts';
import { keyStoreId, nothing, page, pageEnd } from './members.ts';

interface Rule {
  readonly min: number;
  readonly max: number;
  readonly pattern?: RegExp;
}
const text = ({ min, max, pattern }: Rule) => {
  const bounded = z.string().min(min).max(max);
  return pattern ? bounded.regex(pattern) : bounded;
};

const name = text(keyStoreRules.name);
const credential = z.object({
  AccessKeyId: text(keyStoreRules.accessKeyId),
  RawSecretAccessKey: text(keyStoreRules.secretAccessKey),
});
const vpcServiceName = z
  .string()
  .min(20)
  .max(64)
  .regex(/^com\.amazonaws\.vpce\.([a-z]+-){2,3}\d+\.vpce-svc-[0-9a-z]+$/);
const vpcServiceOwner = z.string().regex(/^[0-9]{12}$/);

/** What describes a key store's backing; which of them belong to which type the operation checks. */
const backing = {
  KeyStorePassword: text(keyStoreRules.password).optional(),
  CloudHsmClusterId: text(keyStoreRules.clusterId).optional(),
  XksProxyUriEndpoint: text(keyStoreRules.uriEndpoint).optional(),
  XksProxyUriPath: text(keyStoreRules.uriPath).optional(),
  XksProxyVpcEndpointServiceName: vpcServiceName.optional(),
  XksProxyVpcEndpointServiceOwner: vpcServiceOwner.optional(),
  XksProxyAuthenticationCredential: credential.optional(),
  XksProxyConnectivity: z.enum(xksProxyConnectivities).optional(),
};

const keyStore = z.strictObject({
  CustomKeyStoreId: z.string(),
  CustomKeyStoreName: z.string(),
  CloudHsmClusterId: z.string().optional(),
  TrustAnchorCertificate: z.string().optional(),
  ConnectionState: z.enum(connectionStates),
  ConnectionErrorCode: z.enum(connectionErrorCodes).optional(),
  CreationDate: z.date(),
  CustomKeyStoreType: z.enum(customKeyStoreTypes),
  XksProxyConfiguration: z
    .strictObject({
      Connectivity: z.enum(xksProxyConnectivities),
      AccessKeyId: z.string(),
      UriEndpoint: z.string(),
      UriPath: z.string(),
    })
    .optional(),
});

const onlyId = z.object({ CustomKeyStoreId: keyStoreId });

/** Custom key stores: keys whose material is in a PKCS#11 token or behind an external key store proxy. */
export const keyStores = {
  CreateCustomKeyStore: {
    input: z.object({
      CustomKeyStoreName: name,
      CustomKeyStoreType: z.enum(customKeyStoreTypes).optional(),
      TrustAnchorCertificate: text(keyStoreRules.trustAnchor).optional(),
      ...backing,
    }),
    output: z.strictObject({ CustomKeyStoreId: z.string() }),
  },
  DescribeCustomKeyStores: {
    input: z.object({
      CustomKeyStoreId: keyStoreId.optional(),
      CustomKeyStoreName: name.optional(),
      ...page(limits.pages.keyStores.max),
    }),
    output: z.strictObject({ CustomKeyStores: z.array(keyStore), ...pageEnd }),
  },
  ConnectCustomKeyStore: { input: onlyId, output: nothing },
  DisconnectCustomKeyStore: { input: onlyId, output: nothing },
  UpdateCustomKeyStore: {
    input: z.object({ CustomKeyStoreId: keyStoreId, NewCustomKeyStoreName: name.optional(), ...backing }),
    output: nothing,
  },
  DeleteCustomKeyStore: { input: onlyId, output: nothing },
};
