// The messages of the served file and of Google's error model, as a registry: `run` compiles both into one set of descriptors.
import { readFileSync } from 'node:fs';
import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema, anyUnpack } from '@bufbuild/protobuf/wkt';

export const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync('descriptors.binpb')));
export const message = (name) => registry.getMessage(name);

// What the details of an error say, each unpacked already.
export const summary = (unpacked) => {
  const found = Object.fromEntries(unpacked.map((detail) => [detail.$typeName.split('.').at(-1), detail]));
  return {
    reason: found.ErrorInfo?.reason,
    kind: found.ErrorInfo?.metadata.kind,
    fields: found.BadRequest?.fieldViolations.map((violation) => violation.field),
    retrySeconds: found.RetryInfo && Number(found.RetryInfo.retryDelay.seconds),
  };
};

// The same for the bytes of a `google.rpc.Status`.
export const details = (bytes) => {
  const status = fromBinary(message('google.rpc.Status'), bytes);
  return summary(status.details.map((detail) => anyUnpack(detail, registry)));
};
