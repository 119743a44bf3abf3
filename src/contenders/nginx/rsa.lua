-- RSASSA-PKCS1-v1_5 with SHA-256 by the libcrypto that nginx itself runs on, called through LuaJIT's FFI.

local ffi = require("ffi")
local C = ffi.C

ffi.cdef([[
typedef struct bio_st BIO;
typedef struct evp_pkey_st EVP_PKEY;
typedef struct evp_pkey_ctx_st EVP_PKEY_CTX;
typedef struct evp_md_st EVP_MD;
BIO *BIO_new_mem_buf(const void *buffer, int length);
int BIO_free(BIO *bio);
EVP_PKEY *PEM_read_bio_PUBKEY(BIO *bio, EVP_PKEY **out, void *callback, void *user);
EVP_PKEY_CTX *EVP_PKEY_CTX_new(EVP_PKEY *key, void *engine);
int EVP_PKEY_verify_init(EVP_PKEY_CTX *context);
int EVP_PKEY_CTX_set_rsa_padding(EVP_PKEY_CTX *context, int padding);
int EVP_PKEY_CTX_set_signature_md(EVP_PKEY_CTX *context, const EVP_MD *digest);
int EVP_PKEY_verify(EVP_PKEY_CTX *context, const unsigned char *signature, size_t signature_length,
                    const unsigned char *digest, size_t digest_length);
const EVP_MD *EVP_sha256(void);
typedef struct { uint32_t h[8]; uint32_t low, high; uint32_t data[16]; unsigned int filled, length; } SHA256_CTX;
int SHA256_Init(SHA256_CTX *context);
int SHA256_Update(SHA256_CTX *context, const void *data, size_t length);
int SHA256_Final(unsigned char *digest, SHA256_CTX *context);
void ERR_clear_error(void);
]])

local PKCS1_PADDING = 1
local digest = ffi.new("unsigned char[32]")
local hash = ffi.new("SHA256_CTX")

local rsa = {}

-- Returns a context that verifies with the key in a PEM file. It serves every request of the worker: looking the
-- algorithms up anew, as EVP_DigestVerifyInit does, costs OpenSSL 3 more than the check itself.
function rsa.public_key(path)
  local file = assert(io.open(path, "rb"))
  local pem = file:read("*a")
  file:close()
  local bio = C.BIO_new_mem_buf(pem, #pem)
  local key = C.PEM_read_bio_PUBKEY(bio, nil, nil, nil)
  C.BIO_free(bio)
  assert(key ~= nil, "no public key in " .. path)
  local context = C.EVP_PKEY_CTX_new(key, nil)
  assert(context ~= nil and C.EVP_PKEY_verify_init(context) == 1)
  assert(C.EVP_PKEY_CTX_set_rsa_padding(context, PKCS1_PADDING) == 1)
  assert(C.EVP_PKEY_CTX_set_signature_md(context, C.EVP_sha256()) == 1)
  return context
end

function rsa.verifies(context, signature, data)
  -- The low-level calls, as lua-resty-string has them: the one-shot ones look the digest up each time.
  C.SHA256_Init(hash)
  C.SHA256_Update(hash, data, #data)
  C.SHA256_Final(digest, hash)
  if C.EVP_PKEY_verify(context, signature, #signature, digest, 32) == 1 then
    return true
  end
  -- What is left in the queue would be taken for a fault of the TLS connection.
  C.ERR_clear_error()
  return false
end

return rsa
