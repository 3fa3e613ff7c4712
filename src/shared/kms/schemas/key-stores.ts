import { z } from 'zod';
import { connectionErrorCodes, connectionStates, customKeyStoreTypes, xksProxyConnectivities } from '../enums.ts';
import { limits } from '../limits.ts';
import { keyStoreId, nothing, page, pageEnd } from './members.ts';

const name = z.string().min(1).max(256);
/** The PIN of the token's user. AWS wants 7 to 32 characters; tokens are sold with PINs of four digits. */
const password = z.string().min(4).max(255);
/** The label or serial number of a PKCS#11 token on this computer: 32 and 16 characters at most (PKCS#11, CK_TOKEN_INFO). */
const clusterId = z
  .string()
  .min(1)
  .max(32)
  .regex(/^[\u0020-\u007E]+$/);
/** As AWS has it, and, because Coffer's proxy may be on the same computer, with a port, and without TLS on loopback. */
const uriEndpoint = z
  .string()
  .min(10)
  .max(128)
  .regex(/^(https:\/\/[a-zA-Z0-9.-]+(:[0-9]{1,5})?|http:\/\/(localhost|127(\.[0-9]{1,3}){3}|\[::1\])(:[0-9]{1,5})?)$/);
const uriPath = z
  .string()
  .min(10)
  .max(128)
  .regex(/^(\/[a-zA-Z0-9/_-]+)?\/kms\/xks\/v\d{1,2}$/);
const credential = z.object({
  AccessKeyId: z
    .string()
    .min(20)
    .max(30)
    .regex(/^[A-Z2-7]+$/),
  RawSecretAccessKey: z
    .string()
    .min(43)
    .max(64)
    .regex(/^[a-zA-Z0-9/+=]+$/),
});
const vpcServiceName = z
  .string()
  .min(20)
  .max(64)
  .regex(/^com\.amazonaws\.vpce\.([a-z]+-){2,3}\d+\.vpce-svc-[0-9a-z]+$/);
const vpcServiceOwner = z.string().regex(/^[0-9]{12}$/);

/** What describes a key store's backing; which of them belong to which type the operation checks. */
const backing = {
  KeyStorePassword: password.optional(),
  CloudHsmClusterId: clusterId.optional(),
  XksProxyUriEndpoint: uriEndpoint.optional(),
  XksProxyUriPath: uriPath.optional(),
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
      TrustAnchorCertificate: z.string().min(1).max(5000).optional(),
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
