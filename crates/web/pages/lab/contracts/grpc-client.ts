// Calls methods of gRPC from the browser, by gRPC-Web. The methods and the details of errors are learnt from the server, by reflection.

import {
  create,
  createFileRegistry,
  createRegistry,
  type DescMethod,
  type DescMethodStreaming,
  type DescMethodUnary,
  fromBinary,
  fromJson,
  type JsonValue,
  type Registry,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { shopUrl } from "../router.ts";

/** What has failed, as gRPC says it. */
export interface Status {
  code: number;
  name: string;
  message: string;
  /** The details, each with its type. */
  details: JsonValue[];
}

/** The methods of a service, and all types. */
export interface Reflected {
  methods: DescMethod[];
  types: Registry;
}

/**
 * The part of `grpc/reflection/v1/reflection.proto` that is needed to ask for a file: nothing can be reflected before it. There the method
 * is a stream in both directions, which a browser can't send; here it is one with one message each way.
 */
const REFLECTION = create(FileDescriptorProtoSchema, {
  name: "reflection.proto",
  package: "grpc.reflection.v1",
  syntax: "proto3",
  messageType: [
    { name: "ServerReflectionRequest", field: [{ name: "file_containing_symbol", number: 4, type: Type.STRING, label: Label.OPTIONAL }] },
    {
      name: "ServerReflectionResponse",
      field: [
        { name: "file_descriptor_response", number: 4, type: Type.MESSAGE, typeName: ".grpc.reflection.v1.Files", label: Label.OPTIONAL },
        { name: "error_response", number: 7, type: Type.MESSAGE, typeName: ".grpc.reflection.v1.ErrorResponse", label: Label.OPTIONAL },
      ],
    },
    { name: "Files", field: [{ name: "file_descriptor_proto", number: 1, type: Type.BYTES, label: Label.REPEATED }] },
    { name: "ErrorResponse", field: [{ name: "error_message", number: 2, type: Type.STRING, label: Label.OPTIONAL }] },
  ],
  service: [
    {
      name: "ServerReflection",
      method: [
        {
          name: "ServerReflectionInfo",
          inputType: ".grpc.reflection.v1.ServerReflectionRequest",
          outputType: ".grpc.reflection.v1.ServerReflectionResponse",
        },
      ],
    },
  ],
});

const transport = () =>
  createGrpcWebTransport({
    baseUrl: shopUrl(""),
    fetch: (input, init) => fetch(input, { ...init, credentials: "omit" }),
  });

/** Asks for the file that declares a symbol; returns it and those that it imports. */
async function filesWith(symbol: string): Promise<FileDescriptorProto[]> {
  const registry = createFileRegistry(REFLECTION, () => undefined);
  const method = registry.getService("grpc.reflection.v1.ServerReflection")?.methods[0];
  if (!method) throw new Error("There is no method for reflection.");
  const question = fromJson(method.input, { file_containing_symbol: symbol });
  const { message } = await transport().unary(method as DescMethodUnary, undefined, undefined, undefined, question);
  const answer = shown(method.output, message, registry) as {
    file_descriptor_response?: { file_descriptor_proto: string[] };
    error_response?: { error_message: string };
  };
  const files = answer.file_descriptor_response?.file_descriptor_proto;
  if (!files) throw new Error(answer.error_response?.error_message ?? "The server has no file.");
  // In JSON, bytes stand in base64.
  return files.map((file) => fromBinary(FileDescriptorProtoSchema, Uint8Array.from(atob(file), (char) => char.charCodeAt(0))));
}

async function registryWith(symbol: string) {
  const [first, ...imported] = await filesWith(symbol);
  if (!first) throw new Error("The server has no file.");
  return createFileRegistry(first, (name) => imported.find((file) => file.name === name));
}

/** Asks the server for the methods of a service, and for the details of errors. */
export async function reflect(service: string): Promise<Reflected> {
  const [own, details] = await Promise.all([registryWith(service), registryWith("google.rpc.ErrorInfo")]);
  return { methods: own.getService(service)?.methods ?? [], types: createRegistry(own, details) };
}

/** A message as JSON, with the names of the file. */
const shown = (desc: DescMethod["output"], message: Parameters<typeof toJson>[1], registry: Registry) =>
  toJson(desc, message, { registry, useProtoFieldName: true });

/** The bytes of a request in Protocol Buffers; throws if the JSON is not that of the message. */
export const encoded = ({ input }: DescMethod, json: JsonValue) => toBinary(input, fromJson(input, json)).length;

/** Calls a method, and yields each message that comes. */
export async function* call(method: DescMethod, json: JsonValue, types: Registry, key: string | undefined, signal: AbortSignal) {
  const header = new Headers(key ? { "X-API-Key": key } : {});
  const question = fromJson(method.input, json);
  if (method.methodKind === "server_streaming") {
    const input = (async function* () {
      yield question;
    })();
    const { message } = await transport().stream(method as DescMethodStreaming, signal, undefined, header, input);
    for await (const one of message) yield shown(method.output, one, types);
  } else {
    const { message } = await transport().unary(method as DescMethodUnary, signal, undefined, header, question);
    yield shown(method.output, message, types);
  }
}

/** `FailedPrecondition` as `FAILED_PRECONDITION`. Connect alone writes CANCELED. */
const upper = (name: string) => (name === "Canceled" ? "CANCELLED" : name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase());

/** The status of a call that has failed. */
export function statusOf(problem: unknown, types: Registry): Status {
  const error = ConnectError.from(problem);
  const details = error.findDetails(types).map((detail): JsonValue => {
    const desc = types.getMessage(detail.$typeName);
    return desc ? { "@type": detail.$typeName, ...(shown(desc, detail, types) as object) } : detail.$typeName;
  });
  return { code: error.code, name: upper(Code[error.code]), message: error.rawMessage, details };
}
