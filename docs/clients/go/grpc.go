// gRPC with grpc-go: calls are typed. First protoc and its plugins make the package parlance/shop/v1 of the served file:
// curl -O http://127.0.0.1:8080/grpc/shop.proto; protoc --go_out=. --go-grpc_out=. shop.proto
//
// Usage: go run grpc.go [ADDRESS]
package main

import (
	"context"
	"fmt"
	"log"
	"net/url"
	"os"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	shopv1 "parlance/shop/v1"
)

func main() {
	address, err := url.Parse(append(os.Args, "http://127.0.0.1:8080")[1])
	check(err)
	channel, err := grpc.Dial(address.Host, grpc.WithInsecure())
	check(err)
	shop := shopv1.NewShopServiceClient(channel)
	limited, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	// A gRPC client can't put /sandboxes/alice before its paths: the name of the sandbox is in the metadata.
	sandbox := "main"
	if name := strings.TrimPrefix(address.Path, "/sandboxes/"); name != address.Path {
		sandbox = name
	}
	calls := metadata.AppendToOutgoingContext(limited, "x-sandbox", sandbox)

	// A user.
	user, err := shop.GetUser(calls, &shopv1.GetUserRequest{Id: 1})
	check(err)
	fmt.Printf("user %d: %s <%s>\n", user.User.Id, user.User.Name, user.User.Email)

	// A search. This is a page of up to 20 products; the next one is at `After` and the page's `Next`.
	text := "laptop"
	found, err := shop.SearchProducts(calls, &shopv1.SearchProductsRequest{Query: &text})
	check(err)
	fmt.Printf("found %d products, first %s\n", len(found.Products.Items), found.Products.Items[0].Name)

	// An order.
	lines := []*shopv1.LineInput{{ProductId: 1, Quantity: 2}, {ProductId: 2, Quantity: 3}}
	placed, err := shop.PlaceOrder(calls, &shopv1.PlaceOrderRequest{UserId: 1, Lines: lines})
	check(err)
	order, total := placed.Order, placed.Order.Total
	fmt.Printf("order %d: %d lines, %d.%02d %s\n", order.Id, len(order.Lines), total.Amount/100, total.Amount%100, total.Currency)

	// An error: a status code, a message, and typed details, one of which is the reason.
	soldOut := []*shopv1.LineInput{{ProductId: 10, Quantity: 1}}
	_, err = shop.PlaceOrder(calls, &shopv1.PlaceOrderRequest{UserId: 1, Lines: soldOut})
	for _, detail := range status.Convert(err).Details() {
		if info, is := detail.(*errdetails.ErrorInfo); is {
			fmt.Printf("refused: %s: %s\n", strings.ToLower(info.Reason), status.Convert(err).Message())
		}
	}

	// Events: a stream of messages, from the beginning of the log on; without `After` only new ones.
	after := int32(0)
	events, err := shop.WatchEvents(calls, &shopv1.WatchEventsRequest{After: &after})
	check(err)
	for {
		answer, err := events.Recv()
		check(err)
		if event := answer.Event; event.OrderId == order.Id {
			status := strings.ToLower(strings.TrimPrefix(event.Status.String(), "ORDER_STATUS_"))
			fmt.Printf("event %d: order %d is %s\n", event.Seq, event.OrderId, status)
			return
		}
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
