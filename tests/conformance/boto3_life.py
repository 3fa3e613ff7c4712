"""A life of a key as boto3 sees it. Endpoint and credentials come from the environment; every surprise is an AssertionError."""

import os
from datetime import datetime

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

options = {
    "endpoint_url": os.environ["COFFER_ENDPOINT"],
    "region_name": "eu-central-1",
    "config": Config(retries={"max_attempts": 5, "mode": "standard"}),
}
kms = boto3.client("kms", **options)
sts = boto3.client("sts", **options)


def refused(exception, call, **arguments):
    """Calls and answers the exception, which has to come."""
    try:
        call(**arguments)
    except exception as error:
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 400, error.response
        return error
    raise AssertionError(f"not refused: {call.__name__}")


def same(found, wanted):
    assert found == wanted, f"{found!r} is not {wanted!r}"


identity = sts.get_caller_identity()
account = identity["Account"]
same(identity["Arn"], f"arn:aws:iam::{account}:root")
same(identity["UserId"], account)

made = kms.create_key(Description="boto3", Tags=[{"TagKey": "client", "TagValue": "boto3"}])
key = made["KeyMetadata"]
key_id, arn = key["KeyId"], key["Arn"]
same(arn, f"arn:aws:kms:eu-central-1:{account}:key/{key_id}")
assert isinstance(key["CreationDate"], datetime)
same(key["KeyState"], "Enabled")
same(kms.list_resource_tags(KeyId=key_id)["Tags"], [{"TagKey": "client", "TagValue": "boto3"}])

kms.create_alias(AliasName="alias/boto3", TargetKeyId=key_id)
same(kms.describe_key(KeyId="alias/boto3")["KeyMetadata"]["Arn"], arn)
aliases = [a["AliasName"] for page in kms.get_paginator("list_aliases").paginate(KeyId=key_id) for a in page["Aliases"]]
same(aliases, ["alias/boto3"])
same(key_id in [k["KeyId"] for page in kms.get_paginator("list_keys").paginate() for k in page["Keys"]], True)
refused(kms.exceptions.AlreadyExistsException, kms.create_alias, AliasName="alias/boto3", TargetKeyId=key_id)

context = {"purpose": "boto3", "straße": "通り"}
sealed = kms.encrypt(KeyId="alias/boto3", Plaintext=b"a secret", EncryptionContext=context)
same(sealed["KeyId"], arn)
opened = kms.decrypt(CiphertextBlob=sealed["CiphertextBlob"], EncryptionContext=context)
same((opened["Plaintext"], opened["KeyId"]), (b"a secret", arn))
refused(kms.exceptions.InvalidCiphertextException, kms.decrypt, CiphertextBlob=sealed["CiphertextBlob"])

data_key = kms.generate_data_key(KeyId=key_id, KeySpec="AES_256")
same(len(data_key["Plaintext"]), 32)
same(kms.decrypt(CiphertextBlob=data_key["CiphertextBlob"])["Plaintext"], data_key["Plaintext"])

same(kms.get_key_rotation_status(KeyId=key_id)["KeyRotationEnabled"], False)
kms.enable_key_rotation(KeyId=key_id)
same(kms.get_key_rotation_status(KeyId=key_id)["KeyRotationEnabled"], True)

grantee = f"arn:aws:iam::{account}:user/somebody"
grant = kms.create_grant(KeyId=key_id, GranteePrincipal=grantee, Operations=["Decrypt"], Name="boto3")
same([g["GrantId"] for g in kms.list_grants(KeyId=key_id)["Grants"]], [grant["GrantId"]])
kms.revoke_grant(KeyId=key_id, GrantId=grant["GrantId"])
same(kms.list_grants(KeyId=key_id)["Grants"], [])

policy = kms.get_key_policy(KeyId=key_id, PolicyName="default")["Policy"]
kms.put_key_policy(KeyId=key_id, PolicyName="default", Policy=policy)
refused(kms.exceptions.MalformedPolicyDocumentException, kms.put_key_policy, KeyId=key_id, PolicyName="default", Policy="{}")

signer = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
arguments = {"KeyId": signer, "Message": b"a message", "SigningAlgorithm": "ECDSA_SHA_256"}
signature = kms.sign(**arguments)["Signature"]
same(kms.verify(**arguments, Signature=signature)["SignatureValid"], True)
other = {**arguments, "Message": b"another"}
refused(kms.exceptions.KMSInvalidSignatureException, kms.verify, **other, Signature=signature)

kms.disable_key(KeyId=key_id)
refused(kms.exceptions.DisabledException, kms.encrypt, KeyId=key_id, Plaintext=b"x")
kms.enable_key(KeyId=key_id)
deletion = kms.schedule_key_deletion(KeyId=key_id, PendingWindowInDays=7)
same((deletion["KeyId"], deletion["KeyState"]), (arn, "PendingDeletion"))
assert isinstance(deletion["DeletionDate"], datetime)
refused(kms.exceptions.KMSInvalidStateException, kms.encrypt, KeyId=key_id, Plaintext=b"x")
kms.cancel_key_deletion(KeyId=key_id)
same(kms.describe_key(KeyId=key_id)["KeyMetadata"]["KeyState"], "Disabled")

missing = refused(kms.exceptions.NotFoundException, kms.describe_key, KeyId="alias/none")
same(missing.response["Error"]["Message"], f"Alias arn:aws:kms:eu-central-1:{account}:alias/none is not found.")
same(len(missing.response["ResponseMetadata"]["RequestId"]), 36)
wrong = boto3.client("kms", **options, aws_access_key_id=os.environ["AWS_ACCESS_KEY_ID"], aws_secret_access_key="wrong")
same(refused(ClientError, wrong.list_keys).response["Error"]["Code"], "InvalidSignatureException")
print("lived")
