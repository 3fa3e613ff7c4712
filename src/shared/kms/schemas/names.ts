import { z } from 'zod';
import { limits } from '../limits.ts';
import { aliasName, keyId, nothing, page, pageEnd, tag } from './members.ts';

/** Aliases and tags: the names people give to keys. */
export const names = {
  CreateAlias: { input: z.object({ AliasName: aliasName, TargetKeyId: keyId }), output: nothing },
  UpdateAlias: { input: z.object({ AliasName: aliasName, TargetKeyId: keyId }), output: nothing },
  DeleteAlias: { input: z.object({ AliasName: aliasName }), output: nothing },
  ListAliases: {
    input: z.object({ KeyId: keyId.optional(), ...page(limits.pages.aliases.max) }),
    output: z.strictObject({
      Aliases: z.array(
        z.strictObject({
          AliasName: z.string(),
          AliasArn: z.string(),
          TargetKeyId: z.string().optional(),
          CreationDate: z.date().optional(),
          LastUpdatedDate: z.date().optional(),
        }),
      ),
      ...pageEnd,
    }),
  },
  TagResource: { input: z.object({ KeyId: keyId, Tags: z.array(tag) }), output: nothing },
  UntagResource: {
    input: z.object({ KeyId: keyId, TagKeys: z.array(z.string().min(1).max(limits.tagKey)) }),
    output: nothing,
  },
  ListResourceTags: {
    input: z.object({ KeyId: keyId, ...page(limits.pages.tags.max) }),
    output: z.strictObject({ Tags: z.array(tag.strict()), ...pageEnd }),
  },
};
