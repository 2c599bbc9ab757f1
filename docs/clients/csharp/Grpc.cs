// gRPC with Grpc.Net.Client: the build makes classes of the served .proto file, and calls are typed.
//
// Not run by the tests. In a new console project of .NET 8 or later (dotnet new console), instead of Program.cs:
//   curl -O http://127.0.0.1:8080/grpc/shop.proto
//   dotnet add package Grpc.Net.Client; and Google.Protobuf, Grpc.Tools, Grpc.StatusProto
//   in the .csproj: <ItemGroup><Protobuf Include="shop.proto" GrpcServices="Client" /></ItemGroup>
// Usage: dotnet run [ADDRESS]

using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Parlance.Shop.V1;

var address = new Uri(args.Length > 0 ? args[0] : "http://127.0.0.1:8080");
using var channel = GrpcChannel.ForAddress(address.GetLeftPart(UriPartial.Authority));
var shop = new ShopService.ShopServiceClient(channel);
// A gRPC client can't put /sandboxes/alice before its paths: the name of the sandbox is in the metadata.
var path = address.AbsolutePath;
var metadata = new Metadata { { "x-sandbox", path.StartsWith("/sandboxes/") ? path["/sandboxes/".Length..] : "main" } };

// A user.
var user = (await shop.GetUserAsync(new GetUserRequest { Id = 1 }, metadata)).User;
Console.WriteLine($"user {user.Id}: {user.Name} <{user.Email}>");

// A search. This is a page of up to 20 products; the next one is at `After = products.Next`.
var products = (await shop.SearchProductsAsync(new SearchProductsRequest { Query = "laptop" }, metadata)).Products;
Console.WriteLine($"found {products.Items.Count} products, first {products.Items[0].Name}");

// An order.
LineInput[] lines = [new() { ProductId = 1, Quantity = 2 }, new() { ProductId = 2, Quantity = 3 }];
var order = (await shop.PlaceOrderAsync(new PlaceOrderRequest { UserId = 1, Lines = { lines } }, metadata)).Order;
var cents = order.Total.Amount;
Console.WriteLine($"order {order.Id}: {order.Lines.Count} lines, {cents / 100}.{cents % 100:D2} {order.Total.Currency}");

// An error: a status code, a message, and typed details, one of which is the reason.
try
{
    LineInput[] soldOut = [new() { ProductId = 10, Quantity = 1 }];
    await shop.PlaceOrderAsync(new PlaceOrderRequest { UserId = 1, Lines = { soldOut } }, metadata);
}
catch (RpcException error)
{
    var info = error.GetRpcStatus()?.GetDetail<ErrorInfo>();
    Console.WriteLine($"refused: {info?.Reason.ToLowerInvariant()}: {error.Status.Detail}");
}

// Events: a stream of messages, from the beginning of the log on; without `After` only new ones.
using var events = shop.WatchEvents(new WatchEventsRequest { After = 0 }, metadata);
await foreach (var answer in events.ResponseStream.ReadAllAsync())
{
    if (answer.Event.OrderId != order.Id) continue;
    Console.WriteLine($"event {answer.Event.Seq}: order {order.Id} is {answer.Event.Status.ToString().ToLowerInvariant()}");
    break;
}
