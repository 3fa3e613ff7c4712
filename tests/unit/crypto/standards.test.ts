import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bitString, element, integer, octetString, oid, sequence } from '../../../src/main/crypto/der.ts';
import * as ecc from '../../../src/main/crypto/ecc.ts';
import * as ed25519 from '../../../src/main/crypto/ed25519.ts';
import { unwrap, unwrapPadded, wrap, wrapPadded } from '../../../src/main/crypto/key-wrap.ts';
import * as mldsa from '../../../src/main/crypto/mldsa.ts';
import * as mlkem from '../../../src/main/crypto/mlkem.ts';
import * as sm2 from '../../../src/main/crypto/sm2.ts';
import { drawn, hex, text, toHex } from '../../support/crypto.ts';

/** Known answers, typed in from the standard that each group names. */

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** PKCS#8 whose AlgorithmIdentifier holds these elements. */
const pkcs8 = (algorithm: Uint8Array[], key: Uint8Array) =>
  sequence(integer(Uint8Array.of(0)), sequence(...algorithm), octetString(key));

const ecKey = (curve: string, scalar: string) =>
  pkcs8([oid('1.2.840.10045.2.1'), oid(curve)], sequence(integer(Uint8Array.of(1)), octetString(hex(scalar))));

describe('AES key wrap (RFC 3394, section 4)', () => {
  const kek = '000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F';
  const key = '00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F';
  const vectors = [
    [16, 16, '1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5'],
    [24, 16, '96778B25AE6CA435F92B5B97C050AED2468AB8A17AD84E5D'],
    [32, 16, '64E8C3F9CE0F5BA263E9777905818A2A93C8191E7D6E8AE7'],
    [24, 24, '031D33264E15D33268F24EC260743EDCE1C6C7DDEE725A936BA814915C6762D2'],
    [32, 24, 'A8F9BC1612C68B3FF6E6F4FBE30E71E4769C8B80A32CB8958CD5D17D6B254DA1'],
    [32, 32, '28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21'],
  ] as const;

  it.each(vectors)('%i-byte key around %i bytes', (kekBytes, keyBytes, wrapped) => {
    const [k, p] = [hex(kek).subarray(0, kekBytes), hex(key).subarray(0, keyBytes)];
    expect(toHex(wrap(k, p))).toBe(wrapped.toLowerCase());
    expect(unwrap(k, hex(wrapped))).toEqual(p);
  });
});

describe('AES key wrap with padding (RFC 5649, section 6)', () => {
  const kek = hex('5840df6e29b02af1 ab493b705bf16ea1 ae8338f4dcc176a8');
  it.each([
    [
      'c37b7e6492584340 bed1220780894115 5068f738',
      '138bdeaa9b8fa7fc 61f97742e72248ee 5ae6ae5360d1ae6a 5f54f373fa543b6a',
    ],
    ['466f7250617369', 'afbeb0f07dfbf541 9200f2ccb50bb24f'],
  ])('%s', (key, wrapped) => {
    expect(toHex(wrapPadded(kek, hex(key)))).toBe(toHex(hex(wrapped)));
    expect(unwrapPadded(kek, hex(wrapped))).toEqual(hex(key));
  });
});

describe('ECDSA (RFC 6979, appendix A.2.5 to A.2.7, message "sample")', () => {
  const vectors = [
    {
      spec: 'ECC_NIST_P256',
      curve: '1.2.840.10045.3.1.7',
      x: 'C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721',
      ux: '60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6',
      r: 'EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716',
      s: 'F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8',
    },
    {
      spec: 'ECC_NIST_P384',
      curve: '1.3.132.0.34',
      x: '6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2EDF5',
      ux: 'EC3A4E415B4E19A4568618029F427FA5DA9A8BC4AE92E02E06AAE5286B300C64DEF8F0EA9055866064A254515480BC13',
      r: '94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF96E36DD1E80FABE46',
      s: '99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94FA329C145786E679E7B82C71A38628AC8',
    },
    {
      spec: 'ECC_NIST_P521',
      curve: '1.3.132.0.35',
      x: '00FAD06DAA62BA3B25D2FB40133DA757205DE67F5BB0018FEE8C86E1B68C7E75CAA896EB32F1F47C70855836A6D16FCC1466F6D8FBEC67DB89EC0C08B0E996B83538',
      ux: '01894550D0785932E00EAA23B694F213F8C3121F86DC97A04E5A7167DB4E5BCD371123D46E45DB6B5D5370A7F20FB633155D38FFA16D2BD761DCAC474B9A2F5023A4',
      r: '00C328FAFCBD79DD77850370C46325D987CB525569FB63C5D3BC53950E6D4C5F174E25A1EE9017B5D450606ADD152B534931D7D4E8455CC91F9B15BF05EC36E377FA',
      s: '00617CCE7CF5064806C467F678D3B4080D6F1CC50AF26CA209417308281B68AF282623EAA63E5B5C0723D8B8C37FF0777B1A20F8CCB1DCCC43997F1EE0E44DA4A67A',
    },
  ] as const;

  it.each(vectors)('$spec', ({ spec, curve, x, ux, r, s }) => {
    const publicKey = ecc.publicKey(spec, ecc.importPrivateKey(spec, ecKey(curve, x)));
    expect(toHex(publicKey)).toContain(`04${ux.toLowerCase()}`);
    const signature = sequence(integer(hex(r)), integer(hex(s)));
    expect(ecc.verify(spec, publicKey, 'RAW', text('sample'), signature)).toBe(true);
    expect(ecc.verify(spec, publicKey, 'RAW', text('test'), signature)).toBe(false);
  });
});

describe('Ed25519 (RFC 8032, section 7.1)', () => {
  const key = (seed: string) => pkcs8([oid('1.3.101.112')], octetString(hex(seed)));
  const vectors = [
    {
      seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      message: '',
      signature:
        'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    },
    {
      seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
      publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      message: '72',
      signature:
        '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    },
    {
      seed: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
      publicKey: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
      message: 'af82',
      signature:
        '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    },
  ];

  it.each(vectors)('a message of "$message"', ({ seed, publicKey, message, signature }) => {
    const spki = ed25519.publicKey(key(seed));
    expect(toHex(spki)).toBe(`302a300506032b6570032100${publicKey}`);
    expect(toHex(ed25519.sign('ED25519_SHA_512', key(seed), hex(message)))).toBe(signature);
    expect(ed25519.verify('ED25519_SHA_512', spki, hex(message), hex(signature))).toBe(true);
  });

  it('writes keys as the examples of RFC 8410, sections 10.1 and 10.3, have them', () => {
    const base64 = (value: string) => new Uint8Array(Buffer.from(value, 'base64'));
    const example = base64('MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC');
    expect(ed25519.importPrivateKey(example)).toEqual(example);
    expect(ed25519.publicKey(example)).toEqual(base64('MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE='));
    const withAttributesAndPublicKey = base64(
      'MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhCoB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=',
    );
    expect(ed25519.importPrivateKey(withAttributesAndPublicKey)).toEqual(example);
  });
});

describe('SM2 (GB/T 32918.5, annex A)', () => {
  const privateKey = ecKey('1.2.156.10197.1.301', '3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8');
  const point =
    '0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13';
  const spki = sequence(sequence(oid('1.2.840.10045.2.1'), oid('1.2.156.10197.1.301')), bitString(hex(point)));
  const k = BigInt('0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21');
  /** Scalars are drawn as 48 bytes, reduced to [0, n − 2] and raised by one. */
  const seedOfK = hex((k - 1n).toString(16).padStart(96, '0'));

  it('public key', () => expect(sm2.publicKey(privateKey)).toEqual(spki));

  it('signature of "message digest"', () => {
    const message = text('message digest');
    const e = 'F0B43E94BA45ACCAACE692ED534382EB17E6AB5A19CE7B31F4486FDFC0D28640';
    const signature = sequence(
      integer(hex('F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3')),
      integer(hex('B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA')),
    );
    expect(toHex(sm2.messageDigest(spki, message))).toBe(e.toLowerCase());
    const blind = new Uint8Array(48).fill(7);
    expect(sm2.sign(privateKey, 'RAW', message, drawn(seedOfK, blind))).toEqual(signature);
    expect(sm2.sign(privateKey, 'DIGEST', hex(e), drawn(seedOfK, blind))).toEqual(signature);
    expect(sm2.verify(spki, 'RAW', message, signature)).toBe(true);
    expect(sm2.verify(spki, 'DIGEST', hex(e), signature)).toBe(true);
  });

  it('encryption of "encryption standard"', () => {
    const ciphertext = sequence(
      integer(hex('04EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73')),
      integer(hex('E858F9D81E5430A57B36DAAB8F950A3C64E6EE6A63094D99283AFF767E124DF0')),
      octetString(hex('59983C18F809E262923C53AEC295D30383B54E39D609D160AFCB1908D0BD8766')),
      octetString(hex('21886CA989CA9C7D58087307CA93092D651EFA')),
    );
    expect(sm2.encrypt(spki, text('encryption standard'), drawn(seedOfK))).toEqual(ciphertext);
    expect(sm2.decrypt(privateKey, ciphertext)).toEqual(text('encryption standard'));
  });
});

describe('ML-DSA (FIPS 204; Wycheproof mldsa_44/65/87_sign_seed, test 1; keys and signatures by their SHA-256)', () => {
  const seed = new Uint8Array(32).fill(0x2a);
  const vectors = [
    {
      spec: 'ML_DSA_44',
      arc: 17,
      mu: '0ba2d90bc4fa5877844e47f7563eefccf658f898eaf4197b2a9a89d3df683955c73a80895ac0a51cc9049d44cdc1d1c550ef3870c1126afdb3d52ee057cbbcdd',
      publicKey: 'd87f8ca136ac1aa55e2d6c4521680efb3a378cbb9bc0bfb446e9c60893931ea3',
      signature: '8cd6fc03daa72e87210a4e721523e84c14f27733789075e65736744d4787fdd5',
    },
    {
      spec: 'ML_DSA_65',
      arc: 18,
      mu: 'de30bd32395e1998bcdae79ad419cec6ea9e9a903fdc552c6e9801208174d80a9d2f3902a144e62f89d6e505cc9c69fb01de013fc1d0204ee4dcf5fcc25f1378',
      publicKey: 'b7acce2ddb11f8cc1aa46e2bafac6eacfa2b732ef192bd636ad8d3a56d649c66',
      signature: '39fbbb0d97a52c79844213b325af823a7f16a174e00a5b3daeb3e6e6d1c89681',
    },
    {
      spec: 'ML_DSA_87',
      arc: 19,
      mu: '00d86c57be5399a1841b734bbdc6ad234218ec65376768f844bec76cd3585696d6e648ec8a069bd929f2be80051679f2b8bec414f715261148f42eddaf3a9b43',
      publicKey: 'd43128fa8a8c785c1d44c9e7db538dbf9dd88fe6c8ad911a344bcec1017c6d54',
      signature: '1ad45bd0419e694375bd38ec11d8e0c228ab9ffac2fce4adbe6218d9c949e293',
    },
  ] as const;

  it.each(vectors)('$spec', ({ spec, arc, mu, publicKey, signature }) => {
    const algorithm = oid(`2.16.840.1.101.3.4.3.${arc}`);
    const key = pkcs8([algorithm], element(0x80, seed));
    const spki = mldsa.publicKey(spec, key);
    const header = sequence(sequence(algorithm), bitString(spki.subarray(22))).subarray(0, 22);
    expect(spki.subarray(0, 22)).toEqual(header);
    expect(sha256(spki.subarray(22))).toBe(publicKey);
    // The vectors are of the deterministic variant, whose rnd is zero (section 3.4).
    const zeros = new Uint8Array(32);
    const message = text('Hello world');
    expect(sha256(mldsa.sign(spec, key, 'RAW', message, drawn(zeros)))).toBe(signature);
    const byMu = mldsa.sign(spec, key, 'EXTERNAL_MU', hex(mu), drawn(zeros));
    expect(sha256(byMu)).toBe(signature);
    expect(mldsa.verify(spec, spki, 'RAW', message, byMu)).toBe(true);
    expect(mldsa.verify(spec, spki, 'EXTERNAL_MU', hex(mu), byMu)).toBe(true);
    expect(mldsa.verify(spec, spki, 'RAW', text('hello world'), byMu)).toBe(false);
  });
});

describe('ML-KEM (FIPS 203; Wycheproof mlkem_512/768/1024_keygen_seed, test 1; keys by their SHA-256)', () => {
  const seed = hex(
    '7c9935a0b07694aa0c6d10e4db6b1add2fd81a25ccb148032dcd739936737f2d8626ed79d451140800e03b59b956f8210e556067407d13dc90fa9e8b872bfb8f',
  );
  it.each([
    ['ML_KEM_512', 1, '852523749efd2b78d1074e5de629060312cd9397933a19ddb7482cfda5e92614'],
    ['ML_KEM_768', 2, '86adbca81f4fee893e2fb58fb98aa2fe188f501fed268d7f4056f8c05c4e53c4'],
    ['ML_KEM_1024', 3, '61b95ec8c32ae85ad7a17ae5b9c2dfb083e05f767da3ba9a0a8092ea6b4cbf7a'],
  ] as const)('%s', (spec, arc, publicKey) => {
    const key = pkcs8([oid(`2.16.840.1.101.3.4.4.${arc}`)], element(0x80, seed));
    expect(key).toHaveLength(86);
    expect(sha256(mlkem.publicKey(spec, key).subarray(22))).toBe(publicKey);
  });
});
