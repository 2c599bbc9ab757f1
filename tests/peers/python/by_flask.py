"""REST over Flask, served by Waitress."""

import logging
import sys

import shop
from flask import Flask, jsonify, request
from waitress import serve

app = Flask(__name__)
data = shop.Shop(sys.argv[1])


@app.get("/rest/users/<int:id>")
def get_user(id):
    return jsonify(data.user(id))


@app.get("/rest/users")
def list_users():
    return jsonify(data.users(request.args.get("limit", 20, type=int)))


@app.get("/rest/orders/<int:id>")
def get_order(id):
    return jsonify(data.order_details(id))


@app.post("/rest/orders")
def place_order():
    return jsonify(data.place_order(**request.get_json())), 201


@app.errorhandler(shop.NotFound)
def not_found(_):
    return {"reason": "not found"}, 404


@app.errorhandler(shop.OutOfStock)
def out_of_stock(_):
    return {"reason": "out of stock"}, 409


# With one thread, requests that wait are no news.
logging.getLogger("waitress.queue").setLevel(logging.ERROR)
serve(app, host="127.0.0.1", port=int(sys.argv[2]), threads=1)
